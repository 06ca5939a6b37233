/* What a run uses of the package, by name, as in sdk/s3.ts: the kit for further sources stays out of functions. */
export {
  createSpotifyArtistsStream,
  createSpotifyClient,
  createSpotifyTopTracksStream,
  createTicketmasterAttractionsStream,
  createTicketmasterClient,
  createTicketmasterEventsStream,
  createTicketmasterVenuesStream,
  quotaKey,
} from '@loadin/api-clients';

import type { SpotifyClient, TicketmasterClient } from '@loadin/api-clients';
import type { Stream } from '@loadin/pipeline';

export interface Market {
  readonly country?: string;
  readonly states?: readonly string[];
  readonly dmas?: readonly string[];
  readonly city?: string;
  readonly around?: { readonly latitude: number; readonly longitude: number; readonly radius: number; readonly unit?: 'km' | 'miles' };
  readonly venueIds?: readonly string[];
  readonly attractionIds?: readonly string[];
  readonly classifications?: readonly string[];
}

/** The factories of the sources' streams, as this lib uses them. */
export interface StreamFactories {
  createSpotifyArtistsStream(options: {
    client: SpotifyClient;
    queries: readonly string[];
    ids: readonly string[];
    names: readonly string[];
    maxPerQuery: number;
  }): Stream;
  createSpotifyTopTracksStream(options: { client: SpotifyClient; market: string; artistIds: readonly string[]; fromArtists: boolean }): Stream;
  createTicketmasterVenuesStream(options: { client: TicketmasterClient; countries: readonly string[]; venueIds: readonly string[] }): Stream;
  createTicketmasterEventsStream(options: object): Stream;
  createTicketmasterAttractionsStream(options: {
    client: TicketmasterClient;
    ids: readonly string[];
    keywords: readonly string[];
    fromEvents: boolean;
  }): Stream;
}

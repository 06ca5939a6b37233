import type { SpotifyClient, TicketmasterClient } from '@loadin/api-clients';
import type { Stream } from '@loadin/pipeline';

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
  createTicketmasterAttractionsStream(options: {
    client: TicketmasterClient;
    ids: readonly string[];
    keywords: readonly string[];
    fromEvents: boolean;
  }): Stream;
}

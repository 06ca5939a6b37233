import {
  createSpotifyArtistsStream,
  createSpotifyClient,
  createSpotifyTopTracksStream,
  createTicketmasterAttractionsStream,
  createTicketmasterClient,
  createTicketmasterEventsStream,
  createTicketmasterVenuesStream,
} from '@loadin/api-clients';
import type { Job, JobStream, Sink, Stream } from '@loadin/pipeline';
import { createRandom } from '@loadin/testing';
import { normalizerFor, type DataType } from '@loadin/transforms';
import type { Upstreams } from '@loadin/upstreams';
import type { Scenario } from './scenario.js';
import { canaries, type World } from './world.js';

/** An answer that hangs is given up after this, in real milliseconds: much longer than any good answer takes, unless the machine is very busy. */
const timeoutMs = 1_000;

export interface OpenJob {
  readonly job: Job;
  close(): Promise<void>;
}

/** The job as one process makes it: new clients, which know nothing of earlier attempts. */
export function openJob({ upstreams, clock }: World, { seed, selection, retries }: Scenario, attempt: number, sink: Sink): OpenJob {
  const common = { clock, random: createRandom(seed * 1_000 + attempt), timeoutMs, attempts: retries };
  const spotify = createSpotifyClient({
    ...common,
    clientId: canaries.spotifyClientId,
    clientSecret: canaries.spotifyClientSecret,
    baseUrl: upstreams.spotifyUrl,
    accountsUrl: upstreams.spotifyAccountsUrl,
  });
  const ticketmaster = createTicketmasterClient({ ...common, apiKey: canaries.ticketmasterApiKey, baseUrl: upstreams.ticketmasterUrl });
  const { queries, countries, states, venueCountries, horizonDays } = selection;
  const markets = states === undefined ? [] : [{ country: 'US', states }];
  const of = (dataType: DataType, stream: Stream): JobStream => ({ stream, transform: normalizerFor(dataType), sinks: [sink], schemaVersion: '1' });
  const ids = followedIds(upstreams, selection);
  const streams = [
    of('artists', createSpotifyArtistsStream({ client: spotify, queries, ids })),
    of('events', createTicketmasterEventsStream({ client: ticketmaster, countries, markets, horizonDays })),
    of('venues', createTicketmasterVenuesStream({ client: ticketmaster, countries: venueCountries })),
  ];
  if (selection.tracks !== undefined) {
    const middle = Math.floor(ids.length / 2);
    const artistIds = ids.slice(Math.max(0, middle - 4), middle + 4);
    streams.push(of('tracks', createSpotifyTopTracksStream({ client: spotify, market: 'SE', artistIds, fromArtists: selection.tracks === 'all' })));
  }
  if (selection.attractions) streams.push(of('attractions', createTicketmasterAttractionsStream({ client: ticketmaster, fromEvents: true })));
  return {
    job: { name: 'storm', streams },
    close: async () => {
      await Promise.all([spotify.close(), ticketmaster.close()]);
    },
  };
}

/** Artists from all over the catalogue, and in the middle of them one that nobody knows. */
export function followedIds({ catalogue }: Upstreams, { ids }: Scenario['selection']): readonly string[] {
  if (ids === 0) return [];
  const all = catalogue.artistIds();
  const known = Array.from({ length: ids - 1 }, (_, i) => all[(i * 37) % all.length] ?? '');
  const middle = Math.floor(ids / 2);
  return [...known.slice(0, middle), '0000000000000000000000', ...known.slice(middle)];
}

import type { Credential, Market, TicketmasterClient, TicketmasterEventsStreamOptions } from '@loadin/api-clients';
import { needed, type MarketOptions, type RefreshPolicy, type Secret, type SecretStore, type Settings, type StreamOptionsOf } from '@loadin/config';
import type { Clock, StateStore, Stream } from '@loadin/pipeline';
import type { RecordStream } from './stream-facts.js';

/** What a source needs to make its streams; its client is made once and shared by them, so that they share its rate limit. */
export interface SourceContext {
  readonly settings: Settings;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** Where calls are counted, so that runs at the same time share one budget, and a crash forgets nothing. Default: this process counts its own. */
  readonly state?: StateStore;
}

export interface OpenSources {
  /** `changedDays`: of a stream with a refresh, the days that are read although it is not their turn. */
  stream(options: RecordStream, changedDays?: readonly string[]): Promise<Stream>;
  close(): Promise<void>;
}

/** Gives back the calls of a shared budget that were not made, and closes connections. */
type Closer = () => void | Promise<void>;

export type Clients = ReturnType<typeof openClients>;

/** The sources' clients, each made when it is first asked for. */
export function openClients(context: SourceContext) {
  const closers: Closer[] = [];
  return {
    spotify: once(() => openSpotify(context, closers)),
    ticketmaster: once(() => openTicketmaster(context, closers)),
    close: async (): Promise<void> => void (await Promise.all(closers.map((close) => close()))),
  };
}

export function openSources(context: SourceContext): OpenSources {
  const { close, ...clients } = openClients(context);
  return { stream: openStreams(clients), close };
}

/** The streams of the jobs file, with the clients that they read by. */
export function openStreams({ spotify, ticketmaster }: Pick<Clients, 'spotify' | 'ticketmaster'>): OpenSources['stream'] {
  return async (wanted, changedDays) => {
    const clients = await import('./source-parts.js');
    switch (wanted.id) {
      case 'spotify.artists': {
        const { queries, ids, names, max_per_query: maxPerQuery } = wanted.options;
        return clients.createSpotifyArtistsStream({ client: await spotify(), queries, ids, names, maxPerQuery });
      }
      case 'spotify.tracks': {
        const { market, artist_ids: artistIds, from_artists: fromArtists } = wanted.options;
        return clients.createSpotifyTopTracksStream({ client: await spotify(), market, artistIds, fromArtists });
      }
      case 'ticketmaster.venues': {
        const { countries, venue_ids: venueIds } = wanted.options;
        return clients.createTicketmasterVenuesStream({ client: await ticketmaster(), countries, venueIds });
      }
      case 'ticketmaster.events':
        return clients.createTicketmasterEventsStream(eventsOptions(await ticketmaster(), wanted.options, changedDays));
      case 'ticketmaster.attractions': {
        const { ids, keywords, from_events: fromEvents } = wanted.options;
        return clients.createTicketmasterAttractionsStream({ client: await ticketmaster(), ids, keywords, fromEvents });
      }
    }
  };
}

function eventsOptions(
  client: TicketmasterClient,
  options: StreamOptionsOf['ticketmaster.events'],
  changedDays: readonly string[] = [],
): TicketmasterEventsStreamOptions {
  const { countries, markets, horizon_days: horizonDays, look_back_days: lookBackDays, refresh } = options;
  return {
    client,
    countries,
    markets: markets.map(marketOf),
    horizonDays,
    lookBackDays,
    ...(refresh && { refresh: refreshOf(refresh, changedDays) }),
  };
}

/** A refresh of the jobs file as the stream takes it. */
export const refreshOf = (
  { near_days: nearDays, coverage_hours: coverageHours, every_hours: everyHours }: RefreshPolicy,
  changedDays: readonly string[],
) => ({ nearDays, coverageHours, everyHours, changedDays });

const marketOf = ({ dmas, venue_ids: venueIds, attraction_ids: attractionIds, around, ...same }: MarketOptions): Market => ({
  ...same,
  ...(dmas && { dmas: [...new Set(dmas.map(String))] }),
  ...(around && { around: { unit: 'miles', ...around } }),
  ...(venueIds && { venueIds }),
  ...(attractionIds && { attractionIds }),
});

async function openSpotify(context: SourceContext, closers: Closer[]) {
  const { settings, secrets } = context;
  const { createSpotifyClient } = await import('./source-parts.js');
  const { clientId, clientSecret } = needed(settings, 'spotify');
  const { spotify: baseUrl, spotifyAccounts: accountsUrl } = settings.endpoints;
  const credentials = { clientId: credential(clientId, secrets), clientSecret: credential(clientSecret, secrets) };
  const client = createSpotifyClient({ ...credentials, baseUrl, accountsUrl, ...clientOptions(context) });
  closers.push(() => client.close());
  return client;
}

async function openTicketmaster(context: SourceContext, closers: Closer[]) {
  const { settings, secrets } = context;
  const { createTicketmasterClient } = await import('./source-parts.js');
  const apiKey = credential(needed(settings, 'ticketmaster').apiKey, secrets);
  const client = createTicketmasterClient({ apiKey, baseUrl: settings.endpoints.ticketmaster, ...clientOptions(context) });
  closers.push(() => client.close());
  return client;
}

/** A secret of Secrets Manager is read when it is first needed, and once more when the source refuses it: it may have been rotated. */
export function credential(secret: Secret, secrets: SecretStore): string | Credential {
  if (secret.kind === 'plain') return secret.reveal();
  return { current: () => secrets.value(secret), refused: (value) => secrets.reread(secret, value) };
}

/** A slot of a shared rate is needed again soon, so its lease is never long. */
const longestSlotLeaseMs = 6_000;

/** What is the same of every client: how patient it is, and with whom it shares its budget. */
export const clientOptions = ({ state, clock, settings: { http, leaseSeconds } }: Pick<SourceContext, 'state' | 'clock' | 'settings'>) => ({
  clock,
  attempts: http.retryAttempts,
  backoffMs: http.retryBackoffSeconds * 1000,
  rateLimitPerMinute: http.requestsPerMinute,
  ...(state === undefined ? {} : { quota: { state, leaseMs: Math.min(longestSlotLeaseMs, leaseSeconds * 1000) } }),
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

import type { Credential } from '@loadin/api-clients';
import { needed, type JobStream as JobStreamOptions, type Need, type Secret, type SecretStore, type Settings } from '@loadin/config';
import type { Clock, Stream } from '@loadin/pipeline';
import type { DataType } from '@loadin/transforms';

/** What a source needs to make its streams; its client is made once and shared by them, so that they share its rate limit. */
export interface SourceContext {
  readonly settings: Settings;
  readonly secrets: SecretStore;
  readonly clock: Clock;
}

export interface OpenSources {
  stream(options: JobStreamOptions): Promise<Stream>;
  close(): void;
}

/** What a stream of the jobs file asks for and gives. A new source adds a line here and a case in `openSources`. */
export const STREAMS: Readonly<Record<JobStreamOptions['id'], { readonly need: Need; readonly dataType: DataType; readonly schemaVersion: string }>> =
  {
    'spotify.artists': { need: 'spotify', dataType: 'artists', schemaVersion: '1' },
    'ticketmaster.venues': { need: 'ticketmaster', dataType: 'venues', schemaVersion: '1' },
    'ticketmaster.events': { need: 'ticketmaster', dataType: 'events', schemaVersion: '1' },
  };

/** The sources' clients, each made when it is first asked for. */
export function openClients(context: SourceContext) {
  const closers: (() => void)[] = [];
  return {
    spotify: once(() => openSpotify(context, closers)),
    ticketmaster: once(() => openTicketmaster(context, closers)),
    close: () => closers.forEach((close) => close()),
  };
}

export function openSources(context: SourceContext): OpenSources {
  const { spotify, ticketmaster, close } = openClients(context);
  return {
    async stream(wanted) {
      const clients = await import('@loadin/api-clients');
      switch (wanted.id) {
        case 'spotify.artists': {
          const { queries, ids, max_per_query: maxPerQuery } = wanted.options;
          return clients.createSpotifyArtistsStream({ client: await spotify(), queries, ids, maxPerQuery });
        }
        case 'ticketmaster.venues':
          return clients.createTicketmasterVenuesStream({ client: await ticketmaster(), countries: wanted.options.countries });
        case 'ticketmaster.events': {
          const { countries, horizon_days: horizonDays, look_back_days: lookBackDays } = wanted.options;
          return clients.createTicketmasterEventsStream({ client: await ticketmaster(), countries, horizonDays, lookBackDays });
        }
      }
    },
    close,
  };
}

async function openSpotify({ settings, secrets, clock }: SourceContext, closers: (() => void)[]) {
  const { createSpotifyClient } = await import('@loadin/api-clients');
  const { clientId, clientSecret } = needed(settings, 'spotify');
  const { spotify: baseUrl, spotifyAccounts: accountsUrl } = settings.endpoints;
  const credentials = { clientId: credential(clientId, secrets), clientSecret: credential(clientSecret, secrets) };
  const client = createSpotifyClient({ ...credentials, baseUrl, accountsUrl, clock, ...limits(settings) });
  closers.push(() => client.close());
  return client;
}

async function openTicketmaster({ settings, secrets, clock }: SourceContext, closers: (() => void)[]) {
  const { createTicketmasterClient } = await import('@loadin/api-clients');
  const apiKey = credential(needed(settings, 'ticketmaster').apiKey, secrets);
  const client = createTicketmasterClient({ apiKey, baseUrl: settings.endpoints.ticketmaster, clock, ...limits(settings) });
  closers.push(() => client.close());
  return client;
}

/** A secret of Secrets Manager is read when it is first needed, and once more when the source refuses it: it may have been rotated. */
function credential(secret: Secret, secrets: SecretStore): string | Credential {
  if (secret.kind === 'plain') return secret.reveal();
  return { current: () => secrets.value(secret), refused: (value) => secrets.reread(secret, value) };
}

const limits = ({ http }: Settings) => ({
  attempts: http.retryAttempts,
  backoffMs: http.retryBackoffSeconds * 1000,
  rateLimitPerMinute: http.requestsPerMinute,
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

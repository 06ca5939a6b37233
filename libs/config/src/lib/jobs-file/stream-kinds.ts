import { everyHours } from '@loadin/schedules';
import { apiEntity, postgresTable } from './bronze-kinds.js';
import { doubtfulStates } from './market-states.js';
import { POSTGRES_STREAM } from './rules.js';
import {
  SpotifyArtistsOptions,
  SpotifyTracksOptions,
  TicketmasterAttractionsOptions,
  TicketmasterEventsOptions,
  TicketmasterVenuesOptions,
  type RefreshOptions,
  type StreamOptionsOf,
} from './stream-options.js';
import type { Finding } from './types.js';

type Options = Readonly<Record<string, unknown>>;

/** What the options of a stream are looked at together with. */
export interface JobContext {
  readonly schedule: string | undefined;
  /** Of the schedule. Default `UTC`. */
  readonly time_zone?: string;
  readonly streams: readonly string[];
}

/** An option that can't be as it is, and why. */
export interface Impossible {
  readonly option: string;
  readonly message: string;
}

/** What the jobs file may say of a stream. */
export interface StreamKind {
  /** The class whose `@Field`s are the stream's options. */
  options: new () => object;
  defaults: Options;
  /** What the options lack to be of use, with defaults and overrides applied; undefined when nothing. */
  lacks: (options: Options) => string | undefined;
  /** What can't be in this job, by option. Default: nothing. */
  impossible?: (options: Options, job: JobContext) => readonly Impossible[];
  /** The options as a job gets them, when that is more than defaults, stream options and overrides on top of one another. */
  complete?: (options: Options, job: JobContext) => Options;
  /** Options that are allowed for the sake of old files, and what is to be said of them. */
  retired?: Readonly<Record<string, string>>;
  /** What may be said and is unlikely to be meant; places from the options on. Default: nothing. */
  doubts?: (options: Options) => readonly Finding[];
  /** The only sinks that can take it, which then take nothing else. Default: every sink that no stream has for itself. */
  onlyTo?: readonly string[];
}

/** Streams that a jobs file names as it likes: `postgres.orders`. */
export interface StreamFamily {
  /** For messages: `postgres.{name}`. */
  readonly shown: string;
  /** What its names are, as a regular expression. */
  readonly pattern: string;
  /** How each of them begins. */
  readonly prefix: string;
  readonly kind: StreamKind;
}

const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
const without =
  (what: string, ...names: readonly string[]) =>
  (options: Options): string | undefined =>
    names.every((name) => isEmpty(options[name]) && options[name] !== true) ? what : undefined;

/** A stream that takes ids from another one finds nothing in a job without that one. */
const needsStream =
  (option: string, stream: string): NonNullable<StreamKind['impossible']> =>
  (options, { streams }) =>
    options[option] === true && !streams.includes(stream) ? [{ option, message: `needs ${stream} in the same job` }] : [];

const maxRejected = { max_rejected: 0.01 };
const REFRESH: Required<RefreshOptions> = { near_days: 3, coverage_hours: 24 };

/** The streams that a jobs file may name, those of `STREAM_FAMILIES` aside. A new source adds its own. */
export const STREAM_KINDS: Readonly<Record<Exclude<keyof StreamOptionsOf, `postgres.${string}`>, StreamKind>> = {
  'spotify.artists': {
    options: SpotifyArtistsOptions,
    defaults: { queries: [], ids: [], names: [], max_per_query: 1000, ...maxRejected },
    lacks: without('queries, ids or names', 'queries', 'ids', 'names'),
    retired: { market: 'is no longer used: an artist is the same in every country' },
  },
  'spotify.tracks': {
    options: SpotifyTracksOptions,
    defaults: { market: 'US', artist_ids: [], from_artists: false, ...maxRejected },
    lacks: without('artist_ids or from_artists: true', 'artist_ids', 'from_artists'),
    impossible: needsStream('from_artists', 'spotify.artists'),
  },
  'ticketmaster.venues': {
    options: TicketmasterVenuesOptions,
    defaults: { countries: [], venue_ids: [], ...maxRejected },
    lacks: without('countries or venue_ids', 'countries', 'venue_ids'),
  },
  'ticketmaster.events': {
    options: TicketmasterEventsOptions,
    defaults: { countries: [], markets: [], horizon_days: 365, look_back_days: 1, ...maxRejected },
    lacks: without('countries or markets', 'countries', 'markets'),
    impossible: impossibleRefresh,
    doubts: doubtfulStates,
    complete: (options, { schedule }) =>
      options['refresh'] === undefined
        ? options
        : { ...options, refresh: { ...REFRESH, ...(options['refresh'] as RefreshOptions), every_hours: everyHours(schedule ?? '') } },
  },
  'ticketmaster.attractions': {
    options: TicketmasterAttractionsOptions,
    defaults: { ids: [], keywords: [], from_events: false, ...maxRejected },
    lacks: without('ids, keywords or from_events: true', 'ids', 'keywords', 'from_events'),
    impossible: needsStream('from_events', 'ticketmaster.events'),
  },
  'payments.payments': apiEntity,
  'shipments.shipments': apiEntity,
};

/** Tables: each stream is one, and its name that of the folder that it is written to. */
export const STREAM_FAMILIES: readonly StreamFamily[] = [
  { shown: 'postgres.{name}', pattern: POSTGRES_STREAM, prefix: 'postgres.', kind: postgresTable },
];

/** The sinks that a jobs file may name. */
export const SINKS = ['s3_raw', 'kinesis', 's3_bronze'] as const;

/** A refresh takes turns, and turns need even steps that are short enough. */
function impossibleRefresh(
  { refresh, horizon_days: horizon }: Options,
  { schedule, time_zone: zone = 'UTC' }: JobContext,
): { option: string; message: string }[] {
  if (refresh === undefined) return [];
  const { near_days, coverage_hours } = { ...REFRESH, ...(refresh as RefreshOptions) };
  const wrong = (message: string) => [{ option: 'refresh', message }];
  if (schedule === undefined) return wrong('needs a schedule: the runs of a job without one have no turns');
  if (zone !== 'UTC' && schedule.startsWith('cron(')) return wrong(`needs a schedule in UTC: in ${zone} steps are uneven when clocks are changed`);
  const step = everyHours(schedule);
  if (step === undefined) return wrong(`needs a schedule of even steps, such as cron(0 * * * ? *) or rate(6 hours), not ${schedule}`);
  if (step > coverage_hours) return wrong(`can't read everything in ${coverage_hours} h with a run every ${step} h: give more coverage_hours`);
  if (near_days >= Number(horizon))
    return wrong(`has ${near_days} near_days in a horizon of ${Number(horizon)} days: every run would read all of it`);
  return [];
}

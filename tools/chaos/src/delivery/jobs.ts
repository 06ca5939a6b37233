import { createRandom } from '@loadin/testing';
import type { Upstreams, UpstreamsOptions } from '@loadin/upstreams';
import type { RunTruth, Spoiled, TruthVersion } from './evidence.js';

/** Daily and hourly are due at this same second; the simulated catalogue begins on this day. */
export const SCHEDULED = '2026-03-01T02:00:00Z';
export const SINKS = ['s3_raw', 'kinesis'] as const;

const EVENT_COUNTRIES = ['SE', 'IE', 'AU'];
const VENUE_COUNTRIES = ['SE', 'IE'];
const HORIZON_DAYS = 365;
const QUERIES = ['genre:"grime"'];
const IDS = ['089E1GvhsJFcIirMyZtxiT'];
const DAY_MS = 86_400_000;

export const JOB_STREAMS = {
  daily: ['spotify.artists', 'ticketmaster.events', 'ticketmaster.venues', 'ticketmaster.attractions'],
  hourly: ['ticketmaster.events'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type JobName = keyof typeof JOB_STREAMS;

/**
 * Small, because what is read within the sources' real limits takes its time, and with all that can go wrong: slices that share records which belong to
 * none of them (events without a venue), streams that read what another one landed, pages enough for several groups.
 */
export const JOBS_FILE = `version: 1
streams:
  spotify.artists:
    queries: [${QUERIES.map((query) => `'${query}'`).join(', ')}]
    ids: [${IDS.join(', ')}]
  ticketmaster.venues:
    countries: [${VENUE_COUNTRIES.join(', ')}]
  ticketmaster.events:
    countries: [${EVENT_COUNTRIES.join(', ')}]
    horizon_days: ${HORIZON_DAYS}
    max_rejected: 0.5
  ticketmaster.attractions:
    from_events: true
jobs:
${Object.entries(JOB_STREAMS)
  .map(([name, streams]) => `  ${name}:\n    streams: [${streams.join(', ')}]\n    sinks: [${SINKS.join(', ')}]\n`)
  .join('')}`;

/** How the sources of a scenario differ from the simulated catalogue. */
export interface SourceOddities {
  readonly seed: number;
  /** Some events that can't be delivered everywhere. */
  readonly spoiled: boolean;
  /** So many small events more for each event of Australia that has a venue: more than a batch takes, and without a venue, so that they belong to no slice. */
  readonly crowd: number;
  /** So many events without a venue that every page of every search gives, of whatever country. Default: none. */
  readonly shared?: number;
}

/** The sources as a scenario wants them, and what must arrive of them. */
export interface Sources {
  readonly edit: NonNullable<UpstreamsOptions['edit']>;
  readonly spoiled: Spoiled;
  /** Gives every event another name: the same ids, other contents. */
  change(): void;
  /** What the sources have at the moment, by stream. */
  ids(upstreams: Upstreams): TruthVersion['ids'];
}

interface RawEvent {
  id: string;
  name?: unknown;
  readonly dates?: unknown;
  readonly _embedded?: { readonly venues?: readonly { readonly country?: { readonly countryCode?: string } }[] };
}

/** Larger than a record of a stream may be (1 MiB). */
const OVERSIZE = 1_100_000;
const SPOILED_OF_EACH = 2;

export function sourcesOf(oddities: SourceOddities, upstreams: Pick<Upstreams, 'catalogue'>): Sources {
  const { seed, spoiled: spoils, crowd, shared = 0 } = oddities;
  const random = createRandom(seed);
  const events = eventIds(upstreams);
  const draw = (): string => events[Math.floor(random() * events.length)] ?? '';
  const [malformed, oversize] = [0, 1].map(() => new Set(spoils ? Array.from({ length: SPOILED_OF_EACH }, draw) : []));
  for (const id of malformed ?? []) oversize?.delete(id);
  let version = 1;
  const spoil = (event: RawEvent): RawEvent => {
    if (malformed?.has(event.id)) return { ...event, name: ['no', 'text'] };
    if (oversize?.has(event.id)) return { ...event, name: `${String(event.name)} ${'x'.repeat(OVERSIZE)}` };
    return version === 1 ? event : { ...event, name: `${String(event.name)} (${version})` };
  };
  const named = (ids: Iterable<string> = []): string[] => [...ids].map((id) => `ticketmaster_${id}`).sort();
  return {
    edit(api, body) {
      const embedded = body['_embedded'] as { events?: RawEvent[] } | undefined;
      if (api !== 'ticketmaster' || embedded?.events === undefined) return;
      embedded.events = [...embedded.events.flatMap((event) => [spoil(event), ...crowdOf(event, crowd)]), ...sharedBy(embedded.events, shared)];
    },
    spoiled: { malformed: named(malformed), oversize: named(oversize) },
    change: () => void (version += 1),
    ids: (sources) => idsOf(sources, crowd, shared),
  };
}

const countryOf = ({ _embedded: embedded }: RawEvent): string | undefined => embedded?.venues?.[0]?.country?.countryCode;
const CROWDED = 'AU';
const memberOf = (id: string, n: number): string => `${id}-${n}`;

function crowdOf(event: RawEvent, crowd: number): RawEvent[] {
  if (crowd === 0 || countryOf(event) !== CROWDED) return [];
  return Array.from({ length: crowd }, (_, n) => ({ id: memberOf(event.id, n), name: `Member ${n}`, type: 'event', dates: event.dates }));
}

const sharedId = (n: number): string => `shared-${n}`;

function sharedBy([event]: readonly RawEvent[], shared: number): RawEvent[] {
  if (event === undefined) return [];
  return Array.from({ length: shared }, (_, n) => ({ id: sharedId(n), name: `Shared ${n}`, type: 'event', dates: { status: { code: 'onsale' } } }));
}

function eventIds({ catalogue }: Pick<Upstreams, 'catalogue'>): readonly string[] {
  return catalogue.expected.events(eventWindow());
}

const eventWindow = (countries: readonly string[] = EVENT_COUNTRIES) => {
  const day = (days: number): string => new Date(Date.parse(SCHEDULED) + days * DAY_MS).toISOString();
  return { countries, from: day(-1), to: day(HORIZON_DAYS) };
};

function idsOf({ catalogue }: Upstreams, crowd: number, shared: number): TruthVersion['ids'] {
  const { expected } = catalogue;
  const { eventById, venueById } = catalogue.view();
  const events = expected.events(eventWindow());
  const crowded = events.filter((id) => venueById.get(eventById.get(id)?.seed.venueIds[0] ?? '')?.countryCode === CROWDED);
  const members = crowded.flatMap((id) => Array.from({ length: crowd }, (_, n) => memberOf(id, n)));
  const of = (source: string, ids: readonly string[]): string[] => ids.map((id) => `${source}_${id}`).sort();
  return {
    'spotify.artists': of('spotify', expected.artists({ queries: QUERIES, ids: IDS })),
    'ticketmaster.events': of('ticketmaster', [...events, ...members, ...Array.from({ length: shared }, (_, n) => sharedId(n))]),
    'ticketmaster.venues': of('ticketmaster', expected.venues({ countries: VENUE_COUNTRIES })),
    'ticketmaster.attractions': of('ticketmaster', expected.embeddedAttractions(eventWindow())),
  };
}

/** What a job had to bring, as the sources were, version after version. */
export function truthOf(job: JobName, versions: readonly TruthVersion[], spoiled: Spoiled): RunTruth {
  const streams: readonly string[] = JOB_STREAMS[job];
  const sameIds = versions.every(({ ids }) => streams.every((stream) => ids[stream]?.join() === versions[0]?.ids[stream]?.join()));
  const required = Object.fromEntries(streams.map((stream) => [stream, sameIds ? (versions[0]?.ids[stream] ?? []) : []]));
  return { job, scheduledTime: SCHEDULED, sinks: SINKS, streams, required, versions, spoiled };
}

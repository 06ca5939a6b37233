import { runJob, type Clock, type JsonObject, type RunOptions, type RunReport, type Stream, type Transform } from '@loadin/pipeline';
import {
  createMemoryObjectStore,
  createMemorySink,
  createMemoryStateStore,
  createRecordingLogger,
  type MemoryObjectStore,
  type MemorySink,
  type MemoryStateStore,
  type RecordingLogger,
} from '@loadin/testing';
import { isDataType, normalizerFor } from '@loadin/transforms';
import { scheduledTime, type World } from '../upstreams.fixture.js';

export { startWorld, type World } from '../upstreams.fixture.js';

/** Where a run leaves things; given to a second attempt, that one goes on. */
export interface Place {
  readonly sink: MemorySink;
  readonly lake: MemoryObjectStore;
  readonly state: MemoryStateStore;
  readonly logger: RecordingLogger;
}

export const newPlace = (): Place => ({
  sink: createMemorySink(),
  lake: createMemoryObjectStore(),
  state: createMemoryStateStore(),
  logger: createRecordingLogger(),
});

export interface Ran extends Place {
  readonly report: RunReport;
}

/** A run of a job that has these streams, with the transforms of their data types. */
export async function run(
  { clock }: { readonly clock: Clock },
  streams: readonly Stream[],
  place: Place = newPlace(),
  more: Partial<RunOptions> = {},
): Promise<Ran> {
  const jobStreams = streams.map((stream) => ({
    stream,
    transform: transformOf(stream),
    sinks: [place.sink],
    schemaVersion: '1',
    maxRejected: 0,
  }));
  const { lake, state, logger } = place;
  return {
    ...place,
    report: await runJob({ job: { name: 'behaviours', streams: jobStreams }, lake, state, logger, at: scheduledTime, clock, ...more }),
  };
}

/** A source that has no records of its own: what it sends is the record. */
const transformOf = ({ source, dataType, key }: Stream): Transform =>
  isDataType(dataType) ? normalizerFor(dataType) : (raw) => ({ ok: true, id: `${source}_${key(raw) ?? ''}`, record: raw as JsonObject });

/** The source's ids that arrived, sorted. */
export const arrived = ({ sink }: Place): string[] => sink.records.map(({ id }) => id.slice(id.indexOf('_') + 1)).sort();

/** What was thrown. */
export const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const page of pages) list.push(page);
  return list;
}

/** Query parameters of the calls to an API, in the order of arrival. */
export const asked = (world: World, api: 'accounts' | 'spotify' | 'ticketmaster'): URLSearchParams[] =>
  world.upstreams.requests().calls.flatMap((call) => (call.api === api ? [new URLSearchParams(call.target.split('?')[1] ?? '')] : []));

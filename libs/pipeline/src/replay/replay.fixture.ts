import { createMemorySink, type MemorySink } from '@loadin/testing';
import {
  replayRuns,
  type JobStream,
  type Json,
  type ObjectStore,
  type Parsed,
  type ReplayOptions,
  type ReplayReport,
  type RunReport,
  type Sink,
  type StateStore,
  type Stream,
} from '../index.js';
import { createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { AT, createWorld } from '../runs/run.fixture.js';

/** So many records a raw object: small, so that a slice has several. */
const RAW = { maxRecords: 3, maxBytes: 1_000_000 };
const STREAM = { maxRecords: 4, maxBytes: 1_000_000 };

export interface ReplayWorldOptions {
  readonly slices: readonly (readonly (readonly Json[])[])[];
  readonly belongs?: Stream['belongs'];
}

export interface AttemptOptions extends Partial<ReplayOptions> {
  readonly transform?: JobStream['transform'];
  readonly wrap?: Wrap;
  /** Default: raw and stream. */
  readonly sinkNames?: readonly string[];
}

/** Puts something between a replay and the stores. */
export interface Wrap {
  lake(lake: ObjectStore): ObjectStore;
  state(state: StateStore): StateStore;
  sink(sink: Sink): Sink;
}

/** A world in which a run can be made and replayed: the raw sink keeps what it has, the stream is seen replay by replay. */
export function createReplayWorld(options: ReplayWorldOptions) {
  const world = createWorld();
  const raw = createMemorySink({ name: 's3_raw', limits: RAW, replaceable: true });
  const source = createListStream(options);
  const streams: MemorySink[] = [];
  const newStream = (): MemorySink => {
    streams.push(createMemorySink({ name: 'kinesis', limits: STREAM }));
    return streams.at(-1) as MemorySink;
  };
  const jobStream = (sinks: readonly Sink[], transform: JobStream['transform'] = toArtist): JobStream => ({
    stream: source,
    transform,
    sinks,
    schemaVersion: '1',
    maxRejected: 1,
  });
  const sinksNamed = (names: readonly string[]): Sink[] => names.map((name) => (name === 's3_raw' ? raw : newStream()));
  const both = ['s3_raw', 'kinesis'];
  return {
    ...world,
    raw,
    source,
    runStreams: world.run as (streams: JobStream[]) => Promise<RunReport>,
    run: (at = AT, transform = toArtist, names = both) => world.run([jobStream(sinksNamed(names), transform)], { at }),
    replay({ transform, wrap, sinkNames = both, ...more }: AttemptOptions = {}): Promise<ReplayReport> {
      const sinks = sinksNamed(sinkNames);
      return replayRuns({
        from: AT,
        to: AT,
        lake: wrap?.lake(world.lake) ?? world.lake,
        state: wrap?.state(world.state) ?? world.state,
        clock: world.clock,
        streamOf: async () =>
          jobStream(
            sinks.map((sink) => wrap?.sink(sink) ?? sink),
            transform,
          ),
        ...more,
      });
    },
    /** What the stream was sent last (`-1`), or before: id, hash and replay_of of each record. */
    sent: (which = -1) =>
      (streams.at(which)?.calls ?? []).flatMap((batch) =>
        batch.records.map(({ id, hash, replayOf }) => ({ id, hash, ...(replayOf !== undefined && { replayOf }) })),
      ),
    /** What every write to the stream was, over all attempts. */
    everSent: () => streams.flatMap(({ calls }) => calls.flatMap(({ records }) => records)),
    rawIds: () => raw.records.map(({ id }) => id),
    letters: () =>
      [...world.lake.objects.keys()]
        .filter((key) => key.startsWith('dead-letters/'))
        .flatMap((key) => world.lake.text(key).trimEnd().split('\n'))
        .map((line) => JSON.parse(line) as { record: Json; reason: string }),
    forget: (key: string | RegExp) => {
      const objects = world.lake.objects as Map<string, unknown>;
      for (const name of [...objects.keys()]) if (typeof key === 'string' ? name === key : key.test(name)) objects.delete(name);
    },
  };
}

/** A newer transform: names of even artists get a mark. */
export function withMark(raw: Json): Parsed {
  const parsed = toArtist(raw);
  if (!parsed.ok) return parsed;
  const even = Number(parsed.id.replace(/\D/g, '')) % 2 === 0;
  return even ? { ...parsed, record: { ...parsed.record, name: `${String(parsed.record['name'])}!` } } : parsed;
}

/** Accepts what `toArtist` refuses, and the other way round refuses what `refused` says. */
export const stricter =
  (refused: (id: string) => boolean) =>
  (raw: Json): Parsed => {
    const parsed = toArtist(raw);
    if (parsed.ok) return refused(parsed.id) ? { ok: false, reasons: [{ path: 'id', message: 'is refused now' }] } : parsed;
    const id = `spotify_${(raw as { id: string }).id}`;
    return { ok: true, id, record: { artist_id: id, name: null } };
  };

/** A process that is killed before its n-th call of a store or sink that writes, or reads state: from then on nothing happens any more. */
export function killedAt(call: number): Wrap & { readonly killed: boolean } {
  let calls = 0;
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls >= call) throw new Error('killed');
    return run();
  };
  return {
    get killed() {
      return calls >= call;
    },
    lake: (lake) => ({
      ...lake,
      put: (...args) => step(() => lake.put(...args)),
      putIfAbsent: (...args) => step(() => lake.putIfAbsent(...args)),
    }),
    state: (state) => ({ ...state, get: (key) => step(() => state.get(key)), put: (...args) => step(() => state.put(...args)) }),
    sink: (sink) => ({
      ...sink,
      write: (...args) => step(() => sink.write(...args)),
      ...(sink.replacing && {
        replacing: { ...sink.replacing, replace: (...args) => step(() => (sink.replacing as NonNullable<Sink['replacing']>).replace(...args)) },
      }),
    }),
  };
}

import { RetryableError, StopError } from '@loadin/resilience';
import {
  createFaults,
  createManualClock,
  createMemoryObjectStore,
  createMemorySink,
  createMemoryStateStore,
  withFaults,
  type Faults,
} from '@loadin/testing';
import { runJob, type JsonObject, type RunReport, type Sink } from '../index.js';
import { artists, createListStream, toArtist } from './list-stream.fixture.js';
import { AT } from './run.fixture.js';

/** The first slice has several groups of pages, so that progress is saved while it goes on. */
const slices = [0, 1, 2].map((slice) => Array.from({ length: slice === 0 ? 50 : 3 }, (_, page) => artists(slice * 100 + page, 1)));
const truth = slices.flat(2).map((raw) => `spotify_${(raw as { id: string }).id}`);

function createPlace() {
  const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(Date.parse(AT) + 5_000)];
  const sent: string[] = [];
  const memory = createMemorySink({ name: 'kinesis', limits: { maxRecords: 13, maxBytes: 1e6 } });
  const kinesis: Sink = {
    ...memory,
    write(batch, options) {
      sent.push(...batch.records.map(({ id }) => id));
      return memory.write(batch, options);
    },
  };
  const run = (faults: Faults, signal?: AbortSignal): Promise<RunReport> => {
    const stream = { stream: createListStream({ slices }), transform: toArtist, sinks: [withFaults(kinesis, faults)], schemaVersion: '1' };
    return runJob({
      job: { name: 'daily', streams: [stream] },
      lake: withFaults(lake, faults),
      state: withFaults(state, faults),
      clock,
      at: AT,
      signal,
    });
  };
  const held = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key, value } of state.list('')) if (((value['lease'] ?? {}) as JsonObject)['owner'] != null) keys.push(key);
    return keys;
  };
  return { sent, run, held };
}

/** Does something at the n-th call of a store or sink. */
function atCall(number: number, happens: () => void): Faults {
  const faults = createFaults({ seed: 1 });
  let calls = 0;
  return {
    ...faults,
    around: async (call) => {
      calls += 1;
      if (calls === number) happens();
      return call.run();
    },
  };
}

describe('at whatever call of whatever store or sink', () => {
  const callsOfRun = async (): Promise<number> => {
    const counting = createFaults({ seed: 1 });
    await createPlace().run(counting);
    return counting.calls;
  };

  it('a run is told to stop, it stops resumably, gives every lease back, and the next call sends nothing twice', async () => {
    const calls = await callsOfRun();
    const ends = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      const { run, held, sent } = createPlace();
      const stop = new AbortController();
      const first = await run(
        atCall(call, () => stop.abort(new StopError('that is enough', { reason: 'cancelled' }))),
        stop.signal,
      ).catch((error: unknown) => error);
      if (first instanceof Error) expect(first).toMatchObject({ name: 'StopError', reason: 'cancelled' });
      ends.add(first instanceof Error ? 'thrown' : (first as RunReport).status);
      expect([call, await held()]).toEqual([call, []]);
      expect(await run(createFaults({ seed: 1 }))).toMatchObject({ status: 'complete', problems: [] });
      expect([call, [...sent].sort()]).toEqual([call, [...truth].sort()]);
    }
    // While it plans it throws, and with its last calls it is complete.
    expect(ends).toEqual(new Set(['thrown', 'stopped', 'complete']));
  });

  it('fails once, every lease is given back all the same, and the next call sends nothing twice', async () => {
    const calls = await callsOfRun();
    const ends = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      const { run, held, sent } = createPlace();
      const first = await run(
        atCall(call, () => {
          throw new RetryableError('503');
        }),
      ).catch(() => undefined);
      ends.add(first?.status ?? 'thrown');
      // The very last call gives the lease of the job back: that one ends by itself.
      if (call < calls) expect([call, await held()]).toEqual([call, []]);
      expect(await run(createFaults({ seed: 1 }))).toMatchObject({ status: 'complete', problems: [] });
      expect([call, [...sent].sort()]).toEqual([call, [...truth].sort()]);
    }
    // What can't be given back is the one thing that is no failure.
    expect(ends).toEqual(new Set(['thrown', 'failed', 'complete']));
  });
});

import {
  createFaults,
  createManualClock,
  createMemoryObjectStore,
  createMemorySink,
  createMemoryStateStore,
  underSeeds,
  withFaults,
  type Faults,
} from '@loadin/testing';
import { runJob, type RunReport } from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import type { SliceProgress } from './progress.js';
import { AT } from '../runs/run.fixture.js';

const LIMITS = [
  { maxRecords: 13, maxBytes: 1e6 },
  { maxRecords: 20, maxBytes: 1e6 },
];
/** Small pages: twenty of them are a group, so that progress is saved while a slice goes on. */
const slices = [0, 1].map((slice) => Array.from({ length: slice === 0 ? 50 : 3 }, (_, page) => artists(slice * 100 + page, 1)));
const truth = slices.flat(2).map((raw) => `spotify_${(raw as { id: string }).id}`);

/** What outlives a process, and processes that try to finish one run. */
function createPlace() {
  const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(Date.parse(AT) + 5_000)];
  const sinks = LIMITS.map((limits, number) => createMemorySink({ name: `sink${number}`, limits }));
  return {
    state,
    sinks,
    process: (faults: Faults): Promise<RunReport> =>
      runJob({
        job: {
          name: 'daily',
          streams: [
            {
              stream: createListStream({ slices }),
              transform: toArtist,
              sinks: sinks.map((sink) => withFaults(sink, faults)),
              schemaVersion: '1',
            },
          ],
        },
        lake: withFaults(lake, faults),
        state: withFaults(state, faults),
        clock,
        at: AT,
      }),
  };
}

/** The state store never says that a sink has more than it has. */
function expectNotAhead({ state, sinks }: ReturnType<typeof createPlace>): void {
  for (const { key, value } of state.history) {
    if (!key.startsWith('progress/')) continue;
    const slice = Number(key.split('/').at(-1));
    for (const sink of sinks) {
      const noted = (value as unknown as SliceProgress).sinks?.[sink.name];
      const stored = sink.batches.filter(({ sliceOrdinal }) => sliceOrdinal === slice).length;
      expect(noted?.parts ?? 0).toBeLessThanOrEqual(stored);
    }
  }
}

describe('progress that is saved behind the sinks', () => {
  it('is never ahead of them, at whatever call of whatever store the process ends; and the next one does exactly the rest', async () => {
    const counting = createFaults({ seed: 1 });
    await createPlace().process(counting);
    for (let crashAt = 1; crashAt <= counting.calls; crashAt += 1) {
      const place = createPlace();
      await place.process(createFaults({ seed: 1, crashAt })).catch(() => undefined);
      expectNotAhead(place);
      const report = await place.process(createFaults({ seed: 1 }));
      expect([crashAt, report.status]).toEqual([crashAt, 'complete']);
      for (const sink of place.sinks) expect(sink.records.map(({ id }) => id).sort()).toEqual([...truth].sort());
    }
  });

  it.each(['sink.write', 'state.put', 'objects.putIfAbsent'] as const)('nor when it ends after the effect of any %s', async (step) => {
    for (let call = 1; call <= 10; call += 1) {
      const place = createPlace();
      await place.process(createFaults({ seed: 1, crashAt: { step, call, when: 'after' } })).catch(() => undefined);
      expectNotAhead(place);
      expect((await place.process(createFaults({ seed: 1 }))).status).toBe('complete');
      for (const sink of place.sinks) expect(sink.records.map(({ id }) => id).sort()).toEqual([...truth].sort());
    }
  });

  it('nor in storms of errors, lost answers and crashes, with two processes at once', async () => {
    await underSeeds({ count: 8 }, async ({ faults }) => {
      const place = createPlace();
      const rates = { error: 0.03, 'lost-answer': 0.03, crash: 0.02 };
      for (let tries = 0; tries < 4; tries += 1) {
        await Promise.all([1, 2].map(() => place.process(faults({ rates })).catch(() => undefined)));
        expectNotAhead(place);
      }
      expect((await place.process(faults())).status).toBe('complete');
      for (const sink of place.sinks) expect(sink.records.map(({ id }) => id).sort()).toEqual([...truth].sort());
    });
  });

  it('costs the slice no time: the sinks do not wait for it', async () => {
    const place = createPlace();
    const saves: number[] = [];
    const faults = createFaults({ seed: 1 });
    await place.process({
      ...faults,
      around: async (call) => (call.step === 'state.put' && call.target.startsWith('progress/') ? slow(call.run) : call.run()),
    });
    async function slow<Result>(run: () => Promise<Result>): Promise<Result> {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      saves.push(1);
      return run();
    }
    // Of each slice: taken, saved once or twice while its groups went by, given back.
    expect(saves.length).toBeLessThanOrEqual(2 * 4);
    expect(place.sinks.map(({ records }) => records.length)).toEqual([53, 53]);
  });
});

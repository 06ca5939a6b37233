import { RetryableError, StopError, type Clock, type StateStore } from '@loadin/pipeline';
import { createManualClock, createMemoryStateStore, createRandom, type ManualClock } from '@loadin/testing';
import { createRate } from './rate.js';
import type { Window } from './rolling-window.js';

const start = Date.parse('2026-03-01T12:00:00Z');
const hour = 3_600_000;

interface Process {
  /** What its clock is wrong by, in milliseconds. */
  readonly skewMs?: number;
  /** From `at` milliseconds on, it does nothing any more, for so long. */
  readonly frozen?: { readonly at: number; readonly forMs: number };
  /** It works in bursts: after every 10 calls it has nothing to ask for so many milliseconds. */
  readonly restMs?: number;
  /** Calls at a time. */
  readonly callers?: number;
}

/** Processes that share a budget, their crashes, pauses and wrong clocks, in one event loop on one true clock. */
async function world(seed: number, window: Window, day: Window, processes: readonly Process[], forMs: number) {
  const clock = createManualClock(start);
  const random = createRandom(seed);
  const store = createMemoryStateStore({
    fail: (_operation, _key, call) =>
      call % 23 === 0 ? { error: new RetryableError('no answer'), when: call % 2 === 0 ? 'before' : 'after' } : undefined,
  });
  const arrivals: number[] = [];
  const byProcess = processes.map(() => 0);
  const ended = processes.map(async (process, index) => {
    const own = ownClock(clock, process);
    const rate = createRate({
      service: 'Things',
      windows: [window, day],
      pace: { perSecond: window.limit * 10, burst: window.limit },
      maxInFlight: process.callers ?? 3,
      clock: own,
      quota: { state: slow(store, own, random), source: 'things', account: () => Promise.resolve('key') },
    });
    const call = async (): Promise<void> => {
      const slot = await rate.take();
      await clock.sleep(Math.floor(random() * 200)); // on its way: the network does not freeze with the process
      arrivals.push(clock.now());
      byProcess[index] = (byProcess[index] ?? 0) + 1;
      await clock.sleep(Math.floor(random() * 200)); // and back
      await own.sleep(0);
      slot.release();
    };
    const work = async (): Promise<void> => {
      for (let made = 1; clock.now() - start < forMs; made += 1) {
        await call();
        if (process.restMs !== undefined && made % 10 === 0) await own.sleep(process.restMs);
      }
    };
    await Promise.all(Array.from({ length: process.callers ?? 3 }, () => work().catch(onlyStops)));
    await rate.close();
  });
  await Promise.all(ended.filter((_end, index) => processes[index]?.frozen?.forMs !== Infinity));
  arrivals.sort((a, b) => a - b);
  return { arrivals, byProcess, tookMs: clock.now() - start };
}

function onlyStops(error: unknown): void {
  if (!(error instanceof StopError)) throw error;
}

function ownClock(clock: ManualClock, { skewMs = 0, frozen }: Process): Clock {
  const thaw = async (): Promise<void> => {
    if (frozen === undefined) return;
    const left = start + frozen.at + frozen.forMs - clock.now();
    if (clock.now() >= start + frozen.at && left > 0) await (left === Infinity ? new Promise(() => undefined) : clock.sleep(left));
  };
  return {
    now: () => clock.now() + skewMs,
    sleep: (ms, signal) => clock.sleep(ms, signal).then(thaw),
  };
}

/** A store that takes some time, and answers nobody who is frozen. */
function slow(store: StateStore, clock: Clock, random: () => number): StateStore {
  const wait = (): Promise<void> => clock.sleep(Math.floor(random() * 30));
  return {
    ...store,
    get: async (key) => (await wait(), await store.get(key).finally(wait)),
    put: async (key, value, expected) => (await wait(), await store.put(key, value, expected).finally(wait)),
  };
}

const closest = (arrivals: readonly number[], limit: number): number =>
  Math.min(Infinity, ...arrivals.slice(limit).map((at, i) => at - (arrivals[i] ?? 0)));

describe('processes that share a quota', () => {
  const second = { limit: 5, windowMs: 1_000 };
  const plenty = { limit: 100_000, windowMs: 24 * hour };

  it.each([1, 2, 3, 4, 5])('never make more calls in any second than the service allows, and use most of them (seed %i)', async (seed) => {
    const { arrivals, byProcess } = await world(seed, second, plenty, [{}, {}, { callers: 1 }, { callers: 8 }], 60_000);
    expect(closest(arrivals, 5)).toBeGreaterThanOrEqual(1_000);
    // A call of up to 400 ms holds its slot for as long as it is under way: 5 slots make about 4 calls a second.
    expect(arrivals.length).toBeGreaterThan(60 * 3.5);
    for (const calls of byProcess) expect(calls).toBeGreaterThan(arrivals.length / 10);
  });

  it.each([1, 2, 3])('keep it though their clocks differ by hours, and one runs, freezes and thaws (seed %i)', async (seed) => {
    const processes = [
      { skewMs: -7 * hour },
      { skewMs: 5 * hour },
      { frozen: { at: 5_100, forMs: 20_000 } },
      { frozen: { at: 17_000, forMs: 4_500 } },
    ];
    const { arrivals, byProcess } = await world(seed, second, plenty, processes, 60_000);
    expect(closest(arrivals, 5)).toBeGreaterThanOrEqual(1_000);
    for (const calls of byProcess) expect(calls).toBeGreaterThan(20);
  });

  it.each([1, 2, 3])('keep it when one crashes, and take over what it had (seed %i)', async (seed) => {
    const processes = [{ frozen: { at: 10_000, forMs: Infinity } }, {}, {}];
    const { arrivals } = await world(seed, second, plenty, processes, 60_000);
    expect(closest(arrivals, 5)).toBeGreaterThanOrEqual(1_000);
    const late = arrivals.filter((at) => at > start + 20_000).length;
    expect(late).toBeGreaterThan(40 * 3.5);
  });

  it.each([1, 2, 3])('take turns when they are more than the slots, and lend what they do not use (seed %i)', async (seed) => {
    const many = await world(seed, { limit: 2, windowMs: 1_000 }, plenty, [{}, {}, {}, {}, {}], 60_000);
    expect(closest(many.arrivals, 2)).toBeGreaterThanOrEqual(1_000);
    for (const calls of many.byProcess) expect(calls).toBeGreaterThan(3);

    const lent = await world(seed, second, plenty, [{ callers: 5 }, { restMs: 20_000, callers: 1 }], 60_000);
    expect(closest(lent.arrivals, 5)).toBeGreaterThanOrEqual(1_000);
    expect(lent.arrivals.length).toBeGreaterThan(60 * 3);
  });

  it('share long windows of many slots', async () => {
    const { arrivals } = await world(1, { limit: 170, windowMs: 30_000 }, plenty, [{}, {}, {}], 180_000);
    expect(closest(arrivals, 170)).toBeGreaterThanOrEqual(30_000);
    expect(arrivals.length).toBeGreaterThan(170 * 5);
  });

  it.each([1, 2, 3])('never exceed the day, and use all of it but what a crashed one held (seed %i)', async (seed) => {
    const day = { limit: 2_000, windowMs: 24 * hour }; // reserved by fours
    const processes = [{ frozen: { at: 5_000, forMs: Infinity } }, { skewMs: 240_000 }, { skewMs: -200_000 }, {}];
    const { arrivals } = await world(seed, { limit: 100, windowMs: 1_000 }, day, processes, hour);
    expect(arrivals.length).toBeLessThanOrEqual(2_000);
    // Blocks of four, one of the crashed process, and one for each answer of the store that got lost.
    expect(arrivals.length).toBeGreaterThan(2_000 - 4 * 40);
  });
});

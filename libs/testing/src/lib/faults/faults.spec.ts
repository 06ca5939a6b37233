import { createMeter, silentLogger } from '@loadin/observability';
import { FatalError, RetryableError, type Sink, type SinkOptions } from '@loadin/pipeline';
import { batchOf, recordsOf } from '../factories.js';
import { createHostileStream } from '../hostile/hostile-stream.js';
import { createManualClock } from '../manual-clock.js';
import { createMemoryObjectStore } from '../memory-object-store.js';
import { createMemorySink } from '../memory-sink.js';
import { createMemoryStateStore } from '../memory-state-store.js';
import { objectStoreChecks } from '../object-store-checks.js';
import { replacingChecks } from '../replacing-checks.js';
import { sinkChecks } from '../sink-checks.js';
import { stateStoreChecks } from '../state-store-checks.js';
import { streamChecks } from '../stream-checks.js';
import { CrashError } from './crash-error.js';
import type { FaultOptions } from './fault-options.js';
import { createFaults } from './faults.js';
import { underSeeds } from './under-seeds.js';
import { withFaults } from './with-faults.js';

const options = (signal = new AbortController().signal): SinkOptions => ({ signal, meter: createMeter(), logger: silentLogger });
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: Error) => error.message,
  );

describe('a port without faults is as it was', () => {
  const none = { seed: 1 };
  const state = createMemoryStateStore();
  it.each(stateStoreChecks(() => withFaults(state, none)))('state store: $name', ({ run }) => run());
  const objects = createMemoryObjectStore();
  it.each(objectStoreChecks(() => withFaults(objects, none)))('object store: $name', ({ run }) => run());
  const underTest = async () => {
    const sink = createMemorySink({ replaceable: true });
    return { sink: withFaults(sink, none), readBack: async () => sink.records.map(({ id, value }) => ({ id, record: value })) };
  };
  it.each(sinkChecks(underTest))('sink: $name', ({ run }) => run());
  it.each(replacingChecks(underTest))('sink: $name', ({ run }) => run());
  it.each(streamChecks(() => ({ stream: withFaults(createHostileStream(), none) })))('stream: $name', ({ run }) => run());
});

describe('withFaults', () => {
  const storm: Omit<FaultOptions, 'seed'> = { rates: { error: 0.2, 'lost-answer': 0.2, throttle: 0.1 } };

  it('gives the same faults for the same seed, and others for another', async () => {
    const happened = async (seed: number): Promise<string> => {
      const faults = createFaults({ ...storm, seed });
      const store = withFaults(createMemoryStateStore(), faults);
      for (let n = 0; n < 40; n += 1) await outcome(store.put(`key-${n}`, { n }, null));
      return faults.describe();
    };
    expect(await happened(7)).toBe(await happened(7));
    expect(await happened(7)).toMatch(/^seed 7: \S+ at state\.put #\d+ \(key-\d+\), /);
    expect(await happened(8)).not.toBe((await happened(7)).replace('seed 7', 'seed 8'));
  });

  it('gives each target its faults whatever the order of the calls', async () => {
    const happened = async (keys: readonly string[]): Promise<Record<string, string>> => {
      const store = withFaults(createMemoryStateStore(), { ...storm, seed: 3 });
      const found: Record<string, string> = {};
      for (const key of keys) found[key] = (await outcome(store.get(key))).replace(/#\d+ /, '');
      return found;
    };
    const keys = Array.from({ length: 30 }, (_, n) => `key-${n}`);
    const forward = await happened(keys);
    expect(await happened([...keys].reverse())).toEqual(forward);
    expect(new Set(Object.values(forward)).size).toBe(4);
  });

  it('fails before the effect, after it, or takes the effect away with the process', async () => {
    const store = createMemoryStateStore();
    const rates = (kind: 'error' | 'throttle' | 'lost-answer'): FaultOptions => ({ seed: 1, rates: { [kind]: 1 } });
    await expect(withFaults(store, rates('error')).put('error', {}, null)).rejects.toBeInstanceOf(RetryableError);
    await expect(withFaults(store, rates('throttle')).put('throttle', {}, null)).rejects.toThrow('slow down');
    await expect(withFaults(store, rates('lost-answer')).put('lost', {}, null)).rejects.toThrow('injected lost-answer at state.put #1 (seed 1)');
    expect(store.history.map(({ key }) => key)).toEqual(['lost']);
  });

  it.each([
    ['before', []],
    ['after', ['a']],
  ] as const)('ends the process %s the effect of a named call: nothing that comes later has one', async (when, written) => {
    const [state, lake] = [createMemoryStateStore(), createMemoryObjectStore()];
    const faults = createFaults({ seed: 1, crashAt: { step: 'objects.put', call: 2, when } });
    const [mine, ours] = [withFaults(state, faults), withFaults(lake, faults)];
    await ours.put('first', Buffer.from('1'));
    await mine.put('first', {}, null);
    await expect(ours.put('a', Buffer.from('1'))).rejects.toBeInstanceOf(CrashError);
    await expect(mine.put('b', {}, null)).rejects.toThrow('injected crash at objects.put #2 (seed 1)');
    expect(faults).toMatchObject({ crashed: true, calls: 3, injected: [{ kind: 'crash', step: 'objects.put', call: 2, target: 'a' }] });
    expect([...lake.objects.keys()].slice(1)).toEqual(written);
    expect(state.history).toHaveLength(1);
  });

  it('ends the process at the n-th of all calls, and for calls that are under way then', async () => {
    const faults = createFaults({ seed: 1, crashAt: 3 });
    const store = withFaults(createMemoryStateStore(), faults);
    const calls = await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => store.put(key, {}, null)));
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(faults.calls).toBe(3);
  });

  it('lets a call hang until it is cancelled', async () => {
    const sink = withFaults(createMemorySink(), { seed: 1, rates: { hang: 1 }, steps: ['sink.write'] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const writing = sink.write(batchOf(recordsOf(1)), options(controller.signal));
    setImmediate(() => controller.abort(reason));
    await expect(writing).rejects.toBe(reason);
    const store = withFaults(createMemoryStateStore(), { seed: 1, rates: { hang: 1 }, signal: AbortSignal.abort(reason) });
    await expect(store.get('a')).rejects.toBe(reason);
  });

  it('delays by the clock', async () => {
    const clock = createManualClock(0);
    const stream = withFaults(createHostileStream(), { seed: 1, rates: { delay: 1 }, clock, maxDelayMs: 500 });
    const [slice] = stream.plan({ scheduledTime: '2026-03-01T12:00:00Z' });
    if (slice === undefined) throw new Error('no slice');
    for await (const page of stream.read(slice, {
      ...options(),
      after: null,
      landed: async function* () {
        yield* [];
      },
    }))
      expect(page.request).toContain('GET');
    expect(clock.sleeps.length).toBeGreaterThan(3);
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(500);
  });

  it('lets a sink take a part, in order, and leaves the rest pending with the reason', async () => {
    const memory = createMemorySink();
    const sink: Sink = withFaults(memory, { seed: 5, rates: { partial: 1 } });
    const batch = batchOf(recordsOf(20));
    const { acks, error } = await sink.write(batch, options());
    const taken = batch.records.filter((_, index) => acks[index]?.status === 'delivered').map(({ id }) => id);
    expect(memory.records.map(({ id }) => id)).toEqual(taken);
    expect([taken.length > 0, taken.length < 20, error instanceof RetryableError]).toEqual([true, true, true]);
    expect((await sink.write(batchOf(recordsOf(1), { part: 1 }), options())).acks).toEqual([{ status: 'delivered' }]);
  });

  it('hits the named calls only, and no more than it may', async () => {
    const faults = createFaults({ seed: 1, rates: { error: 1 }, steps: ['state.put'], most: 2 });
    const store = withFaults(createMemoryStateStore(), faults);
    await store.get('a');
    const outcomes = [await outcome(store.put('a', {}, null)), await outcome(store.put('a', {}, null)), await outcome(store.put('a', {}, null))];
    expect(outcomes).toEqual(['injected error at state.put #1 (seed 1)', 'injected error at state.put #2 (seed 1)', 'ok']);
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['a']);
  });

  it.each<[string, FaultOptions]>([
    ['the rate of error is 2; it must be from 0 to 1', { seed: 1, rates: { error: 2 } }],
    ['together; they can be 1 at most', { seed: 1, rates: { error: 0.6, crash: 0.6 } }],
    ['delays need a clock', { seed: 1, rates: { delay: 0.1 } }],
    ['can’t hang without a signal', { seed: 1, rates: { hang: 0.1 } }],
  ])('refuses what can’t be: %s', (message, wrong) => {
    expect(() => createFaults(wrong)).toThrow(message);
    expect(() => createFaults(wrong)).toThrow(FatalError);
  });
});

describe('underSeeds', () => {
  it('says which seed fails, how to repeat it, and what had happened', async () => {
    const tried: number[] = [];
    const test = underSeeds({ first: 5 }, async ({ seed, faults }) => {
      tried.push(seed);
      const process = faults({ rates: { 'lost-answer': 1 }, most: 1 });
      const store = withFaults(createMemoryStateStore(), process);
      await outcome(store.put('a', {}, null));
      if (seed === 7) throw new Error('a record is missing');
    });
    await expect(test).rejects.toThrow(
      'Seed 7 fails; repeat it alone with underSeeds({ first: 7, count: 1 }, …): a record is missing\n' +
        '  process 1, seed 7000: lost-answer at state.put #1 (a)',
    );
    expect(tried).toEqual([5, 6, 7]);
  });

  it('passes when every seed does, each with random numbers of its own', async () => {
    const numbers: number[] = [];
    await underSeeds({ count: 4 }, async ({ random }) => void numbers.push(random()));
    expect(new Set(numbers).size).toBe(4);
  });
});

import { createMeter, silentLogger } from '@loadin/observability';
import type { Ack, BatchRecord } from '@loadin/pipeline';
import { createBackoff, StopError } from '@loadin/resilience';
import { createManualClock, createRandom, recordOf } from '@loadin/testing';
import fc from 'fast-check';
import { createDelivery, type Delivery } from './delivery.js';
import { createDispatcher } from './dispatcher.js';
import { createSimulatedStream, type SimulatedStream, type Weather } from './simulated-stream.fixture.js';
import { newCounts, type KinesisSinkStats } from './stats.js';
import { steadyTime } from './steady-time.js';

interface Plan {
  readonly seed: number;
  readonly weather: Weather;
  readonly recordAttempts: number;
  readonly concurrency: number;
  readonly batches: readonly { readonly keys: readonly number[]; readonly startMs: number; readonly cancelMs: number | undefined }[];
}

interface Ended {
  readonly delivery: Delivery;
  readonly cancelled: boolean;
  /** When it was handed in, and answered. */
  readonly at: readonly [number, number];
  /** `undefined`: it was rejected. */
  readonly acks: readonly Ack[] | undefined;
}

const chance = (max: number) => fc.double({ min: 0, max, noNaN: true });
const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  weather: fc.record({ throttled: chance(0.5), faulty: chance(0.3), refusedWhole: chance(0.3), lost: chance(0.3), resharded: chance(0.2) }),
  recordAttempts: fc.constantFrom(3, 15, 1_000),
  concurrency: fc.integer({ min: 1, max: 4 }),
  batches: fc.array(
    fc.record({
      keys: fc.array(fc.nat({ max: 12 }), { maxLength: 40 }),
      startMs: fc.nat({ max: 600 }),
      cancelMs: fc.option(fc.integer({ min: 1, max: 800 }), { nil: undefined, freq: 6 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

async function run({ seed, weather, recordAttempts, concurrency, batches }: Plan) {
  const clock = createManualClock(0);
  const random = createRandom(seed);
  const stream = createSimulatedStream({ clock, random, weather, maxRecords: 7 });
  const dispatcher = createDispatcher({
    streamName: 'simulated',
    clock,
    now: steadyTime(clock),
    concurrency,
    recordAttempts,
    requestAttempts: 4,
    limits: { maxRecords: 7, maxBytes: 100 },
    perShard: { recordsPerSecond: 40, bytesPerSecond: 500 },
    backoff: createBackoff({ baseMs: 20, maxMs: 200, random }),
    counts: newCounts(),
    send: stream.send,
    list: stream.list,
  });
  let events = 0;
  const order = (): number => (events += 1);
  const write = async ({ keys, startMs, cancelMs }: Plan['batches'][number]): Promise<Ended> => {
    await clock.sleep(startMs);
    const controller = new AbortController();
    const options = { signal: controller.signal, meter: createMeter(), logger: silentLogger };
    const delivery = createDelivery(
      keys.map((key) => ({ key: `key ${key}`, record: recordOf(`key ${key}`), textOf: ({ json }: BatchRecord) => json, bytes: 10 + key })),
      options,
    );
    const added = order();
    dispatcher.add(delivery);
    if (cancelMs !== undefined) void clock.sleep(cancelMs).then(() => controller.abort(new StopError('enough', { reason: 'deadline' })));
    const acks = await delivery.done.then(
      (result) => result.acks,
      () => undefined,
    );
    return { delivery, acks, cancelled: controller.signal.aborted, at: [added, order()] };
  };
  const ended = await Promise.all(batches.map(write));
  await clock.sleep(10_000); // answers that come too late for a cancelled batch
  return { stream, ended, stats: dispatcher.stats() };
}

/** How often each item was taken. */
const timesTaken = ({ taken }: SimulatedStream): Map<unknown, number> => {
  const times = new Map<unknown, number>();
  for (const { item } of taken) times.set(item, (times.get(item) ?? 0) + 1);
  return times;
};

function checkAnswers({ delivery, acks, cancelled }: Ended, times: Map<unknown, number>, weather: Weather): void {
  for (const item of delivery.items) {
    expect(item.state).toBe('out');
    const taken = times.get(item) ?? 0;
    if (acks?.[item.index]?.status === 'delivered') expect(taken).toBeGreaterThanOrEqual(1);
    else if (!cancelled && weather.lost === 0) expect(taken).toBe(0);
    if (weather.lost === 0) expect(taken).toBeLessThanOrEqual(1);
  }
}

/** First copies: a record that was sent again because its answer was lost may come after a later one only as a repetition. */
function checkOrder({ taken }: SimulatedStream, delivery: Delivery): void {
  const first = [...new Set(taken.filter(({ item }) => item.delivery === delivery).map(({ item }) => item))];
  const last = new Map<string, number>();
  for (const { record, index } of first) {
    expect(index).toBeGreaterThan(last.get(record.key) ?? -1);
    last.set(record.key, index);
  }
}

/** A record that is left is sent by a later attempt: whatever was handed in behind it, before that was said, must still be to come. */
function checkNothingOvertakes(ended: readonly Ended[]): void {
  const inOrder = [...ended].sort((one, other) => one.at[0] - other.at[0]);
  const leftUntil = new Map<string, number>();
  for (const { delivery, acks, cancelled, at } of inOrder) {
    for (const { record, index } of delivery.items) {
      const delivered = acks?.[index]?.status === 'delivered';
      if (delivered) expect(leftUntil.get(record.key) ?? 0).toBeLessThan(at[0]);
      else if (!cancelled) leftUntil.set(record.key, Math.max(leftUntil.get(record.key) ?? 0, at[1]));
    }
  }
}

function checkStats({ accepted, sent, refused, shards, possibleDuplicates }: KinesisSinkStats, stream: SimulatedStream): void {
  const repeated = stream.taken.length - new Set(stream.taken.map(({ item }) => item)).size;
  expect(accepted + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(sent);
  if (repeated > 0) expect(possibleDuplicates + sent - accepted).toBeGreaterThan(0);
  for (const { waiting } of shards) expect(waiting).toBe(0);
}

describe('whatever the stream does, and in whatever order', () => {
  it('answers for every record truly, keeps the order of each key, also behind what it leaves, and sends one of a key at a time', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { stream, ended, stats } = await run(plan);
        expect(stream.violations).toEqual([]);
        const times = timesTaken(stream);
        for (const one of ended) {
          checkAnswers(one, times, plan.weather);
          checkOrder(stream, one.delivery);
        }
        checkNothingOvertakes(ended);
        checkStats(stats, stream);
      }),
      { numRuns: 300 },
    );
  });

  it('delivers everything, once, where nothing is lost and everybody is patient', async () => {
    const patient = plans.map((plan): Plan => ({
      ...plan,
      recordAttempts: 1_000,
      weather: { ...plan.weather, lost: 0, refusedWhole: 0 },
      batches: plan.batches.map((batch) => ({ ...batch, cancelMs: undefined })),
    }));
    await fc.assert(
      fc.asyncProperty(patient, async (plan) => {
        const { stream, ended } = await run(plan);
        for (const { acks, delivery } of ended) expect(acks).toEqual(delivery.items.map(() => ({ status: 'delivered' })));
        expect(stream.taken.length).toBe(plan.batches.reduce((sum, { keys }) => sum + keys.length, 0));
      }),
      { numRuns: 60 },
    );
  });
});

import { createManualClock, type ManualClock } from '@loadin/testing';
import { createRate, type Rate } from './rate.js';

describe('fairness between lanes', () => {
  let clock: ManualClock;
  let rate: Rate;
  beforeEach(() => {
    clock = createManualClock(0);
    rate = createRate({ service: 'Things', windows: [], pace: { perSecond: 1, burst: 1 }, maxInFlight: 10, clock });
  });
  const served: string[] = [];
  afterEach(() => served.splice(0));
  const call = async (lane: string, signal?: AbortSignal): Promise<void> => {
    (await rate.take({ lane, signal })).release();
    served.push(lane);
  };
  const calls = (lane: string, count: number): Promise<void[]> => Promise.all(Array.from({ length: count }, () => call(lane)));

  it('serves lanes in turn, however many calls wait in one of them', async () => {
    await Promise.all([calls('x', 1), calls('a', 6), calls('b', 2), calls('c', 3)]);
    expect(served.join('')).toBe('xabcabcacaaa');
  });

  it('gives a lane that asks for one after the other its turn as often as the one that asked for a hundred', async () => {
    const sequential = (async () => {
      for (let i = 0; i < 10; i += 1) await call('events');
    })();
    await Promise.all([calls('artists', 30), sequential]);
    expect(served.slice(0, 20).filter((lane) => lane === 'events').length).toBeGreaterThanOrEqual(9);
  });

  it('does not lose a turn to a call that is cancelled', async () => {
    const controller = new AbortController();
    const first = call('x');
    const cancelled = call('b', controller.signal).catch(() => undefined);
    const all = Promise.all([first, calls('a', 3), cancelled, calls('b', 1)]);
    controller.abort();
    await all;
    expect(served.join('')).toBe('xbaaa');
    expect(clock.waiting).toBe(0);
  });
});

describe('the slow-down after a 429', () => {
  const pacedTo = async (throttles: number, more: (rate: Rate) => Promise<unknown> = () => Promise.resolve()): Promise<number> => {
    const clock = createManualClock(0);
    const rate = createRate({ service: 'Things', windows: [], pace: { perSecond: 16, burst: 16 }, maxInFlight: 50, clock });
    for (let i = 0; i < throttles; i += 1) {
      (await rate.take()).release();
      rate.throttled();
    }
    await more(rate);
    (await rate.take()).release();
    const before = clock.now();
    (await rate.take()).release();
    return clock.now() - before;
  };

  it('halves the pace with each, down to a sixteenth', async () => {
    expect(await Promise.all([1, 2, 3, 4, 5, 9].map((throttles) => pacedTo(throttles)))).toEqual([125, 250, 500, 1_000, 1_000, 1_000]);
  });

  it('takes refusals of calls that were under way together for one', async () => {
    const clock = createManualClock(0);
    const rate = createRate({ service: 'Things', windows: [], pace: { perSecond: 16, burst: 16 }, maxInFlight: 50, clock });
    const slots = await Promise.all(Array.from({ length: 5 }, () => rate.take()));
    for (const slot of slots) {
      slot.release();
      rate.throttled();
    }
    const before = clock.now();
    for (let i = 0; i < 2; i += 1) (await rate.take()).release();
    expect(clock.now() - before).toBe(2 * 125);
  });

  it('goes step by step with answered calls, not with failed ones', async () => {
    const after = (calls: number, answered: boolean) => (rate: Rate) =>
      (async () => {
        for (let i = 0; i < calls; i += 1) (await rate.take()).release(answered);
      })();
    expect(await pacedTo(1, after(40, true))).toBeCloseTo(1000 / (16 * (12 / 16)), 5);
    expect(await pacedTo(1, after(40, false))).toBe(125);
    expect(await pacedTo(4, after(150, true))).toBeLessThanOrEqual(1000 / 16);
  });
});

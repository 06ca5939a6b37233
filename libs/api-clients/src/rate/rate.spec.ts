import fc from 'fast-check';
import { createMeter } from '@loadin/observability';
import { StopError } from '@loadin/pipeline';
import { createManualClock, createRandom } from '@loadin/testing';
import { lowered } from './lowered.js';
import { createRate, type Rate, type RateOptions } from './rate.js';
import { createRollingWindow } from './rolling-window.js';

const generous = { windows: [], pace: { perSecond: 1e6, burst: 1e6 }, maxInFlight: 1e6, service: 'Things' };

describe('createRollingWindow', () => {
  it('frees a slot one window after the answer of the call that held it', () => {
    const window = createRollingWindow({ limit: 2, windowMs: 1000 });
    window.sent();
    window.sent();
    expect(window.waitMs(0)).toBe(Infinity);
    window.answered(300);
    expect(window.waitMs(400)).toBe(900);
    expect(window.waitMs(1299)).toBe(1);
    expect(window.waitMs(1300)).toBe(0);
  });

  it('stays exact over many calls', () => {
    const window = createRollingWindow({ limit: 3, windowMs: 10 });
    let sent = 0;
    for (let now = 0; now < 10_000; now += 1) {
      while (window.waitMs(now) === 0) {
        window.sent();
        window.answered(now);
        sent += 1;
      }
    }
    expect(sent).toBe(3 * 1000);
  });
});

describe('createRate', () => {
  const rateOn = (clock: RateOptions['clock'], more: Partial<RateOptions>): Rate => createRate({ ...generous, clock, ...more });

  it.each<[string, Partial<RateOptions>, string]>([
    ['a window without calls', { windows: [{ limit: 0, windowMs: 1_000 }] }, 'the limit of a window is 0'],
    ['a window without length', { windows: [{ limit: 5, windowMs: 0 }] }, 'the length of a window is 0'],
    ['no pace', { pace: { perSecond: 0, burst: 1 } }, 'the pace is 0'],
    ['no burst', { pace: { perSecond: 5, burst: 0 } }, 'the burst of the pace is 0'],
    ['no call under way', { maxInFlight: NaN }, 'maxInFlight is NaN'],
  ])('refuses %s instead of waiting for ever', (_what, more, said) => {
    expect(() => rateOn(createManualClock(0), more)).toThrow(`Things: ${said}, so that no call could ever be made`);
  });

  it('never lets a server see more calls in a window than it allows, whatever the latency', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1e6 }), async (limit, seed) => {
        const clock = createManualClock(0);
        const random = createRandom(seed);
        const rate = rateOn(clock, { windows: [{ limit, windowMs: 1000 }], pace: { perSecond: limit, burst: limit }, maxInFlight: 4 });
        const arrivals: number[] = [];
        const call = async (): Promise<void> => {
          const slot = await rate.take();
          await clock.sleep(Math.floor(random() * 400)); // on its way
          arrivals.push(clock.now());
          await clock.sleep(Math.floor(random() * 400)); // and back
          slot.release();
        };
        await Promise.all(Array.from({ length: 30 }, call));
        arrivals.sort((a, b) => a - b);
        for (let i = limit; i < arrivals.length; i += 1) expect((arrivals[i] ?? 0) - (arrivals[i - limit] ?? 0)).toBeGreaterThanOrEqual(1000);
      }),
      { numRuns: 15 },
    );
  });

  it('spreads calls evenly by the token bucket, on the clock it was given', async () => {
    const clock = createManualClock(0);
    const rate = rateOn(clock, { pace: { perSecond: 5, burst: 2 } });
    const times: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      (await rate.take()).release();
      times.push(clock.now());
    }
    expect(times).toEqual([0, 0, 200, 400, 600, 800]);
  });

  it('saves up no more than the burst while nothing is called', async () => {
    const clock = createManualClock(0);
    const rate = rateOn(clock, { pace: { perSecond: 1, burst: 2 } });
    await clock.sleep(60_000);
    const times: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      (await rate.take()).release();
      times.push(clock.now() - 60_000);
    }
    expect(times).toEqual([0, 0, 1000, 2000]);
  });

  it('lets no more calls wait for answers than it is told', async () => {
    const clock = createManualClock(0);
    const rate = rateOn(clock, { maxInFlight: 2 });
    const slots = [await rate.take(), await rate.take()];
    let third = false;
    const waiting = rate.take().then(() => (third = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(third).toBe(false);
    slots[0]?.release();
    await waiting;
  });

  it('serves in the order of the calls, and goes on when one of them is cancelled', async () => {
    const clock = createManualClock(0);
    const rate = rateOn(clock, { pace: { perSecond: 1, burst: 1 } });
    const controller = new AbortController();
    const served: string[] = [];
    const take = (name: string, signal?: AbortSignal): Promise<void> =>
      rate.take({ signal }).then(
        () => void served.push(name),
        () => void served.push(`${name} cancelled`),
      );
    const all = [take('a'), take('b', controller.signal), take('c')];
    controller.abort();
    await Promise.all(all);
    expect(served).toEqual(['a', 'b cancelled', 'c']);
  });

  it('counts its waits', async () => {
    const clock = createManualClock(0);
    const meter = createMeter();
    const rate = rateOn(clock, { pace: { perSecond: 2, burst: 1 } });
    for (let i = 0; i < 3; i += 1) (await rate.take({ meter })).release();
    expect(meter.totals).toMatchObject({ waits: 2, wait_ms: 1000 });
  });

  it('stops resumably when the quota of a day is used up', async () => {
    const clock = createManualClock(Date.parse('2026-03-01T12:00:00Z'));
    const rate = rateOn(clock, { windows: [{ limit: 3, windowMs: 86_400_000 }] });
    for (let i = 0; i < 3; i += 1) (await rate.take()).release();
    const error = await rate.take().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StopError);
    expect(error).toMatchObject({ reason: 'quota', resumeAfter: '2026-03-02T12:00:00.000Z' });
  });
});

describe('lowered', () => {
  const source = { windows: [{ limit: 5, windowMs: 1000 }], pace: { perSecond: 5, burst: 5 } };

  it('lowers the limit of a source to so many calls a minute', async () => {
    const clock = createManualClock(0);
    const rate = createRate({ ...generous, ...lowered(source, 2), clock });
    const times: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      (await rate.take()).release();
      times.push(clock.now());
    }
    expect(times).toEqual([0, 0, 60_000, 60_000]);
  });

  it('never raises it', () => {
    expect(lowered(source, 100_000)).toMatchObject({ windows: [source.windows[0], { limit: 100_000 }], pace: source.pace });
    expect(lowered(source)).toEqual(source);
  });

  it.each([0, -1, NaN])('refuses %p', (perMinute) => {
    expect(() => lowered(source, perMinute)).toThrow('1 or more');
  });
});

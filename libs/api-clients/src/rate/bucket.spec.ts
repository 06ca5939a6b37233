import { createManualClock } from '@loadin/testing';
import fc from 'fast-check';
import { createBucket } from './bucket.js';

describe('a pace', () => {
  it('gives a burst at once, then evenly', () => {
    const clock = createManualClock(0, { auto: false });
    const bucket = createBucket({ perSecond: 4, burst: 2 }, clock);
    const waits = [0, 1, 2].map(() => {
      const wait = bucket.waitMs();
      if (wait === 0) bucket.take();
      return wait;
    });
    expect(waits).toEqual([0, 0, 250]);
  });

  it('never gives more than its burst and what has come in since, whenever it is asked, and after its wait one is there', async () => {
    const pace = fc.record({ perSecond: fc.constantFrom(0.5, 3, 5, 7), burst: fc.integer({ min: 1, max: 5 }) });
    const asked = fc.asyncProperty(pace, fc.array(fc.nat({ max: 1500 }), { maxLength: 60 }), async (of, pauses) => {
      const clock = createManualClock(0, { auto: false });
      const bucket = createBucket(of, clock);
      let taken = 0;
      for (const pause of pauses) {
        await clock.advance(pause);
        const wait = bucket.waitMs();
        await clock.advance(wait);
        expect(bucket.waitMs()).toBe(0);
        bucket.take();
        taken += 1;
        expect(taken).toBeLessThanOrEqual(of.burst + (clock.now() * of.perSecond) / 1000 + 1e-6);
      }
    });
    await fc.assert(asked, { seed: 7, numRuns: 60 });
  });

  it('goes on when the clock was set back', () => {
    let now = 10_000;
    const bucket = createBucket({ perSecond: 1, burst: 1 }, { now: () => now, sleep: async () => undefined });
    bucket.take();
    now = 0;
    expect(bucket.waitMs()).toBe(1000);
    now = 1000;
    expect(bucket.waitMs()).toBe(0);
  });
});

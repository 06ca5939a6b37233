import fc from 'fast-check';
import { fits, LEAST_SHARE, newPacer, readyAt, refilled, slowed, spent, type Pacer } from './pacer.js';

const limits = { recordsPerSecond: 1_000, bytesPerSecond: 1_048_576 };
const RECORDS = 900;

type Step = { readonly waitMs: number } | { readonly bytes: number } | { readonly refused: number };
const steps = fc.array(
  fc.oneof(
    fc.record({ waitMs: fc.integer({ min: 0, max: 3_000 }) }),
    fc.record({ bytes: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ refused: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
  ),
  { maxLength: 300 },
);

/** Sends what the pacer lets through; gives each record with its time. */
function walk(all: readonly Step[], check: (pacer: Pacer) => void): { readonly at: number; readonly bytes: number }[] {
  const sent: { at: number; bytes: number }[] = [];
  let now = 0;
  let pacer = newPacer(limits, now);
  for (const step of all) {
    if ('waitMs' in step) now += step.waitMs;
    pacer = refilled(pacer, now);
    if ('refused' in step) pacer = slowed(pacer, step.refused, now);
    while ('bytes' in step && fits(pacer, 1, step.bytes)) {
      pacer = spent(pacer, 1, step.bytes);
      sent.push({ at: now, bytes: step.bytes });
    }
    check(pacer);
  }
  return sent;
}

describe('the pace of a shard', () => {
  it('never exceeds what it saves up plus its rate, in any span of time, in records and in bytes', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const sent = walk(all, () => undefined);
        for (const { at: from } of sent.slice(0, 20)) {
          for (const { at: to } of sent.slice(-20)) {
            const span = sent.filter(({ at }) => at >= from && at <= to);
            expect(span.length).toBeLessThanOrEqual(RECORDS + (to - from) + 1e-6);
            const bytes = span.reduce((sum, record) => sum + record.bytes, 0);
            expect(bytes).toBeLessThanOrEqual(1_048_576 * (0.9 + (to - from) / 1_000) + 1e-3);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its share between the least and all, whatever is refused', () => {
    fc.assert(
      fc.property(steps, (all) => {
        walk(all, ({ share, records }) => {
          expect(share).toBeGreaterThanOrEqual(LEAST_SHARE);
          expect(share).toBeLessThanOrEqual(1);
          expect(records).toBeLessThanOrEqual(RECORDS);
        });
      }),
    );
  });

  it('lets a record through at the time that it names, however large, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_485_760 }), fc.integer({ min: 0, max: 5_000 }), (bytes, drained) => {
        let pacer = spent(newPacer(limits, 0), RECORDS, drained * 1_000);
        let at = readyAt(pacer, bytes);
        pacer = refilled(pacer, at);
        expect(fits(pacer, 1, bytes)).toBe(true);
        at -= 2;
        if (at > 0) expect(fits(refilled(spent(newPacer(limits, 0), RECORDS, drained * 1_000), at), 1, bytes)).toBe(false);
      }),
    );
  });

  it('takes a record larger than a second, and pays it off before the next', () => {
    const pacer = spent(newPacer(limits, 0), 1, 5_000_000);
    expect(fits(newPacer(limits, 0), 1, 5_000_000)).toBe(true);
    expect(readyAt(pacer, 1)).toBeGreaterThan(3_800);
  });

  it('is emptied by a refusal and cut by the share that was refused, by half at most', () => {
    const some = slowed(newPacer(limits, 0), 0.2, 0);
    expect(some).toMatchObject({ share: 0.8, records: 0, bytes: 0 });
    expect(slowed(newPacer(limits, 0), 1, 0).share).toBe(0.5);
  });

  it('counts refusals of requests that were under way together as one', () => {
    const once = slowed(newPacer(limits, 0), 0.4, 0);
    expect(slowed(once, 0.4, 100).share).toBe(once.share);
    expect(slowed(once, 0.4, 300).share).toBeLessThan(once.share);
  });

  it('is back at its limits some seconds after the last refusal', () => {
    expect(refilled(slowed(newPacer(limits, 0), 0.5, 0), 5_000)).toMatchObject({ share: 1, records: RECORDS });
  });

  it('holds nothing back where the shards are not known', () => {
    const free = newPacer({ recordsPerSecond: Infinity, bytesPerSecond: Infinity }, 0);
    expect(fits(spent(free, 1_000_000, 1e9), 500, 5_000_000)).toBe(true);
    expect(slowed(free, 1, 0)).toEqual(free);
    expect(refilled(free, 1_000)).toMatchObject({ records: Infinity, bytes: Infinity });
  });
});

describe('the pace of a shard that somebody else writes to', () => {
  /** A shard as AWS describes it; gives which share of what it takes was used, and of our records was refused. */
  function shared(othersAt: (ms: number) => number): { readonly used: number; readonly refused: number } {
    const taken = { ours: 0, others: 0, refused: 0 };
    let tokens = 1_000;
    let pacer = newPacer(limits, 0);
    const take = (): boolean => tokens >= 1 && (tokens -= 1) >= 0;
    for (let ms = 0; ms < 60_000; ms += 1) {
      tokens = Math.min(1_000, tokens + 1);
      for (let n = othersAt(ms); n > 0; n -= 1) if (take()) taken.others += 1;
      pacer = refilled(pacer, ms);
      if (ms % 125 !== 0) continue;
      const count = Math.floor(Math.max(0, pacer.records));
      pacer = spent(pacer, count, 0);
      const accepted = Array.from({ length: count }, take).filter(Boolean).length;
      taken.ours += accepted;
      taken.refused += count - accepted;
      if (accepted < count) pacer = slowed(pacer, (count - accepted) / count, ms);
    }
    return { used: (taken.ours + taken.others) / 60_000, refused: taken.refused / taken.ours };
  }

  it.each([
    ['nobody', () => 0, 0],
    ['somebody who takes a fifth of it', (ms: number) => (ms % 100 === 0 ? 20 : 0), 0.06],
    ['somebody who takes a half of it', (ms: number) => (ms % 100 === 0 ? 50 : 0), 0.08],
    ['somebody who comes and goes', (ms: number) => (ms % 100 === 0 && Math.floor(ms / 4_000) % 2 === 0 ? 60 : 0), 0.08],
    ['somebody who comes in bursts', (ms: number) => (ms % 1_000 === 0 ? 250 : 0), 0.06],
  ])('uses it up beside %s, and little is refused', (_, othersAt, atMost) => {
    const { used, refused } = shared(othersAt);
    expect(used).toBeGreaterThan(0.93);
    expect(refused).toBeLessThanOrEqual(atMost);
  });
});

import type { JsonObject } from '@loadin/pipeline';
import fc from 'fast-check';
import { blockOf, bucketAt, bucketMsOf, dayLedgerOf, endOf, givenBack, reserve, type Block, type DayLedger } from './quota-day.js';

const hour = 3_600_000;
const day = { limit: 60, windowMs: 24 * hour };
const noon = Date.parse('2026-03-01T12:00:00Z');

describe('the budget of a day', () => {
  it('is reserved in small blocks: what a crash forfeits is little', () => {
    expect(blockOf({ ...day, limit: 5_000 })).toBe(10);
    expect(blockOf({ ...day, limit: 60 })).toBe(1);
    expect(blockOf({ ...day, limit: 1_000_000 })).toBe(20);
  });

  it('is refused when it is used up, until the first hour with calls is out of the window', () => {
    const ledger = { calls: { [bucketAt(day, noon - 2 * hour)]: 59, [bucketAt(day, noon)]: 1 } };
    const refused = reserve(ledger, day, noon);
    expect(refused).toMatchObject({ ledger, block: { calls: 0 }, freeAt: Date.parse('2026-03-02T11:05:00Z') });
    expect(reserve(ledger, day, (refused.freeAt ?? 0) - 1).block.calls).toBe(0);
    expect(reserve(ledger, day, refused.freeAt ?? 0).block.calls).toBe(1);
  });

  it('gets back what was reserved and not used, also when it was reserved in an earlier hour', () => {
    const large = { ...day, limit: 5_000 };
    const first = reserve({ calls: {} }, large, noon);
    const next = reserve(first.ledger, large, noon + hour, { ...first.block, calls: 4 });
    expect(next.ledger.calls).toEqual({ [bucketAt(large, noon)]: 6, [bucketAt(large, noon + hour)]: 10 });
    expect(givenBack(next.ledger, next.block).calls).toEqual({ [bucketAt(large, noon)]: 6 });
  });

  it('never has more calls in any 24 hours than its limit, whoever reserves, gives back or crashes when', () => {
    const step = fc.record({
      process: fc.integer({ min: 0, max: 3 }),
      afterMs: fc.integer({ min: 0, max: hour }),
      what: fc.constantFrom('call' as const, 'call' as const, 'call' as const, 'give back' as const, 'crash' as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (steps, limit) => {
        const window = { limit, windowMs: day.windowMs };
        const blocks: (Block | undefined)[] = [];
        const calls: number[] = [];
        let ledger: DayLedger = { calls: {} };
        let now = noon;
        for (const { process, afterMs, what } of steps) {
          now += afterMs;
          const block = blocks[process];
          if (what === 'crash') blocks[process] = undefined;
          if (what === 'give back' && block) ledger = givenBack(ledger, block);
          if (what !== 'call') {
            blocks[process] = undefined;
            continue;
          }
          const good = block && block.calls > 0 && block.bucket === bucketAt(window, now) ? block : undefined;
          const made = good ? { ledger, block: good } : reserve(ledger, window, now, block);
          ledger = made.ledger;
          if (made.block.calls > 0) calls.push(now);
          blocks[process] = { ...made.block, calls: Math.max(0, made.block.calls - 1) };
        }
        const spans = calls.slice(limit).map((at, i) => at - (calls[i] ?? 0));
        expect(Math.min(Infinity, ...spans)).toBeGreaterThanOrEqual(window.windowMs);
      }),
      { numRuns: 300 },
    );
  });

  it('wastes nothing: who reserves alone gets the whole of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000 }), (limit) => {
        let ledger: DayLedger = { calls: {} };
        let got = 0;
        for (;;) {
          const made = reserve(ledger, { ...day, limit }, noon);
          if (made.block.calls === 0) break;
          ledger = made.ledger;
          got += made.block.calls;
        }
        expect(got).toBe(limit);
      }),
      { numRuns: 50 },
    );
  });

  it('bears clocks that differ by five minutes and calls that are slow: an hour counts so much longer', () => {
    const bucket = bucketAt(day, noon);
    expect(endOf(day, bucket) - (bucket + 1) * bucketMsOf(day)).toBe(day.windowMs + 300_000);
  });

  it.each<JsonObject>([{}, { calls: [] }, { calls: { x: 1 } }, { calls: { 5: -1 } }, { calls: { 5: 'many' } }])('is not read from %j', (value) => {
    expect(dayLedgerOf(value)).toBeUndefined();
  });
});

import fc from 'fast-check';
import type { Cursor } from '../ports/cursor.js';
import type { StreamCursor } from '../ports/stream.js';
import { at, last, order, seed } from './cursors.fixture.js';
import { containsInterval, mergeIntervals } from './intervals.js';
import { knownIntervals, nothingSynced, settle } from './settle.js';
import type { SliceEnd, SyncState } from './types.js';

const stream = (ordered: boolean): StreamCursor => ({ kinds: ['number'], ordered, of: () => undefined });
const end = (from: number | null, to: number | null, finished: boolean, reached: number | null, again?: number): SliceEnd => ({
  slice: { ordinal: 0, name: 'a slice', bounds: {}, interval: { from: from === null ? null : at(from), to: to === null ? null : at(to) } },
  finished,
  reached: { cursor: reached === null ? null : at(reached), ...(again !== undefined && { again: at(again) }) },
});
const upTo = (n: number): SyncState => ({ watermark: at(n), intervals: [] });
const settled = (before: SyncState, ends: readonly SliceEnd[], ordered = true): SyncState => settle(stream(ordered), before, ends, before.watermark);

describe('the watermark', () => {
  it('moves to the latest record of what is read completely, and remembers that there was nothing after it', () => {
    expect(settled(nothingSynced, [end(null, 10, true, 7)])).toEqual({ watermark: at(7), intervals: [{ from: at(7), to: at(10) }] });
    expect(settled(upTo(7), [end(7, 12, true, null)])).toEqual({ watermark: at(7), intervals: [{ from: at(7), to: at(12) }] });
  });

  it('moves to what an unfinished slice of an ordered stream has reached, and stays where one of another stream began', () => {
    expect(settled(upTo(2), [end(2, 10, false, 6)])).toEqual(upTo(6));
    expect(settled(upTo(2), [end(2, 10, false, 6)], false)).toEqual(upTo(2));
    expect(settled(upTo(2), [end(2, 10, false, null)])).toEqual(upTo(2));
  });

  it('does not pass a slice that is still open; what lies beyond it is remembered', () => {
    const state = settled(nothingSynced, [end(null, 4, false, null), end(4, 8, true, 8)]);
    expect(state).toEqual({ watermark: null, intervals: [{ from: at(4), to: at(8) }] });
    expect(settled(state, [end(null, 4, true, 3), end(4, 8, true, 8)])).toEqual(upTo(8));
  });

  it('is the least of slices that read the same interval side by side', () => {
    expect(settled(upTo(1), [end(1, 10, true, 9), end(1, 10, false, 5)])).toEqual(upTo(5));
    expect(settled(upTo(1), [end(1, 10, true, 9), end(1, 10, true, 5)])).toEqual({ watermark: at(9), intervals: [{ from: at(9), to: at(10) }] });
    expect(settled(upTo(1), [end(1, null, true, 9), end(1, null, true, 5)])).toEqual(upTo(5));
    expect(settled(upTo(1), [end(1, null, true, 9), end(1, null, true, null)])).toEqual(upTo(1));
  });

  it('stays where no end of what was read is known and the records have no order', () => {
    expect(settled(upTo(1), [end(1, null, true, 9)], false)).toEqual(upTo(1));
    expect(settled(upTo(1), [end(1, null, true, 9)])).toEqual(upTo(9));
  });

  it('stays before a record that came again in a later state', () => {
    expect(settled(upTo(1), [end(1, null, true, 9, 6)])).toEqual(upTo(6));
    expect(settled(upTo(1), [end(1, 10, true, 9, 6)])).toEqual(upTo(6));
  });

  it('stays where somebody has put it back, until what lies between is read again', () => {
    const state = settle(stream(true), upTo(2), [end(5, 10, true, 10)], at(5));
    expect(state).toEqual({ watermark: at(2), intervals: [{ from: at(5), to: at(10) }] });
    expect(settle(stream(true), state, [end(2, 12, false, 4)], at(2)).watermark).toEqual(at(4));
    expect(settle(stream(true), state, [end(2, 12, false, 5)], at(2)).watermark).toEqual(at(5));
    expect(settle(stream(true), state, [end(2, 12, true, 11)], at(2)).watermark).toEqual(at(11));
  });

  it('goes by where the run began when a slice does not say what it reads', () => {
    const plain = (reached: number): SliceEnd => ({
      slice: { ordinal: 0, name: 'all', bounds: {} },
      finished: true,
      reached: { cursor: at(reached) },
    });
    expect(settle(stream(true), nothingSynced, [plain(6)], null)).toEqual(upTo(6));
    expect(settle(stream(true), upTo(3), [plain(6)], at(5))).toEqual({ watermark: at(3), intervals: [{ from: at(5), to: at(6) }] });
  });
});

/** Runs of a source whose records lie at the positions 1 to `last`: which of them each slice has delivered decides what may be passed. */
interface Attempt {
  readonly ordered: boolean;
  readonly ends: readonly SliceEnd[];
  /** Slice by slice the positions that are still to be delivered. */
  readonly missing: readonly number[];
}

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    ordered: fc.boolean(),
    from: fc.option(fc.integer({ min: 0, max: last - 1 }), { nil: null }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: last }), { minLength: 1, maxLength: 4 }),
    states: fc.array(fc.record({ finished: fc.boolean(), reached: fc.integer({ min: 0, max: last }) }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ ordered, from, cuts, states }) => {
    const starts = [from, ...cuts.filter((cut) => from === null || cut > from).sort((a, b) => a - b)];
    const slices = starts.slice(1).map((to, i) => {
      const { finished, reached } = states[i] ?? { finished: false, reached: 0 };
      const begin = starts[i] ?? null;
      const positions = Array.from({ length: last + 1 }, (_, n) => n).filter((n) => (begin === null || n > begin) && n <= (to ?? last));
      const delivered = finished ? positions : positions.filter((n) => n <= reached);
      return { one: end(begin, to, finished, delivered.at(-1) ?? null), missing: positions.filter((n) => !delivered.includes(n)) };
    });
    return { ordered, ends: slices.map(({ one }) => one), missing: slices.flatMap(({ missing }) => missing) };
  });
const attempts = fc.array(attempt, { minLength: 1, maxLength: 6 });
const number = (cursor: Cursor | null): number => (cursor === null ? -1 : Number(cursor[0]));

describe('settling attempt after attempt', () => {
  const run = (all: readonly Attempt[]): SyncState[] => {
    const states = [nothingSynced];
    for (const { ordered, ends } of all) states.push(settle(stream(ordered), states.at(-1) ?? nothingSynced, ends, null));
    return states;
  };

  it('never moves back, and forgets nothing that was read', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        run(all).reduce((before, after) => {
          expect(number(after.watermark)).toBeGreaterThanOrEqual(number(before.watermark));
          for (const known of knownIntervals(before)) expect(containsInterval(order, knownIntervals(after), known)).toBe(true);
          return after;
        });
      }),
      { seed },
    );
  });

  it('never passes a record that no attempt has delivered', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const everything = Array.from({ length: last + 1 }, (_, n) => n);
        const delivered = new Set(
          all.flatMap(({ ends, missing, ordered }) =>
            everything.filter((n) =>
              ends.some(({ slice, finished }) => {
                const { from = null, to = null } = slice.interval ?? {};
                return (from === null || n > number(from)) && n <= number(to) && (finished || ordered) && !missing.includes(n);
              }),
            ),
          ),
        );
        const { watermark, intervals } = run(all).at(-1) ?? nothingSynced;
        for (const n of everything.filter((each) => each <= number(watermark))) expect(delivered.has(n)).toBe(true);
        // What is remembered beyond it was read as well, and does not join it (or it is what was found to be empty after the latest record).
        for (const { from, to } of intervals) {
          for (const n of everything.filter((each) => each > number(from) && each <= number(to))) expect(delivered.has(n)).toBe(true);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('comes to the same intervals in whatever order complete runs are settled', () => {
    const finished = (one: SliceEnd): SliceEnd => ({ ...one, finished: true, reached: { cursor: one.slice.interval?.to ?? null } });
    const complete = attempts.map((all) => all.map((each) => ({ ...each, ends: each.ends.map(finished) })));
    const shuffled = complete.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    const known = (all: readonly Attempt[]) => mergeIntervals(order, knownIntervals(run(all).at(-1) ?? nothingSynced));
    fc.assert(
      fc.property(shuffled, ([one, other]) => expect(known(other)).toEqual(known(one))),
      { seed },
    );
  });

  it('changes nothing when it is repeated', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const once = run(all).at(-1) ?? nothingSynced;
        const { ordered, ends } = all.at(-1) ?? { ordered: true, ends: [] };
        expect(settle(stream(ordered), once, ends, null)).toEqual(once);
      }),
      { seed },
    );
  });

  it('leaves nothing out: reading on from the watermark finds everything that was not delivered', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const state = run(all).at(-1) ?? nothingSynced;
        const after = settle(
          stream(true),
          state,
          [end(number(state.watermark) < 0 ? null : number(state.watermark), last, true, last)],
          state.watermark,
        );
        expect(after).toEqual(upTo(last));
      }),
      { seed },
    );
  });

  it('keeps a small item small', () => {
    const ends = Array.from({ length: 1000 }, (_, n) => end(2 * n, 2 * n + 1, true, 2 * n + 1));
    const { intervals } = settle(stream(true), nothingSynced, ends, null);
    expect(intervals).toHaveLength(100);
    expect(intervals[0]).toEqual({ from: at(0), to: at(1) });
  });
});

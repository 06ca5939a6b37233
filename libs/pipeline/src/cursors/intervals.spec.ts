import fc from 'fast-check';
import { at, interval, intervals, order, positionsIn, seed } from './cursors.fixture.js';
import { containsInterval, contiguousEnd, mergeIntervals, subtractIntervals } from './intervals.js';

describe('intervals', () => {
  it('are merged to the same, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        intervals.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const merged = mergeIntervals(order, all);
          expect(mergeIntervals(order, shuffled)).toEqual(merged);
          expect(mergeIntervals(order, [...merged, ...all])).toEqual(merged);
          expect(shuffled.reduce((known, next) => mergeIntervals(order, [...known, next]), mergeIntervals(order, []))).toEqual(merged);
        },
      ),
      { seed },
    );
  });

  it('hold the same positions after as before, sorted and with gaps between them', () => {
    fc.assert(
      fc.property(intervals, (all) => {
        const merged = mergeIntervals(order, all);
        expect(positionsIn(merged)).toEqual(positionsIn(all));
        merged.slice(1).forEach(({ from }, i) => expect(order.compare(merged[i]?.to ?? at(99), from ?? at(-99))).toBeLessThan(0));
      }),
      { seed },
    );
  });

  it('less others leave exactly what is in none of those', () => {
    fc.assert(
      fc.property(intervals, intervals, (whole, parts) => {
        const taken = new Set(positionsIn(parts));
        expect(positionsIn(subtractIntervals(order, whole, parts))).toEqual(positionsIn(whole).filter((n) => !taken.has(n)));
      }),
      { seed },
    );
  });

  it('contain another exactly when they hold all of its positions', () => {
    fc.assert(
      fc.property(intervals, interval, (all, one) => {
        const held = new Set(positionsIn(all));
        // Beyond the positions that are looked at an end that is not known goes on.
        if (one.to === null && !all.some(({ to }) => to === null)) expect(containsInterval(order, all, one)).toBe(false);
        else expect(containsInterval(order, all, one)).toBe(positionsIn([one]).every((n) => held.has(n)));
      }),
      { seed },
    );
  });

  it('go from a place on as far as there is no gap', () => {
    const all = [
      { from: null, to: at(3) },
      { from: at(5), to: at(8) },
      { from: at(3), to: at(4) },
    ];
    expect(contiguousEnd(order, all, null)).toEqual(at(4));
    expect(contiguousEnd(order, all, at(5))).toEqual(at(8));
    expect(contiguousEnd(order, all, at(9))).toBeUndefined();
    expect(contiguousEnd(order, all.slice(1), null)).toBeUndefined();
    expect(contiguousEnd(order, [{ from: at(1), to: null }], at(2))).toBeNull();
  });
});

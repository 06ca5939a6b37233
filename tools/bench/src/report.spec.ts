import { figureTable, isWithin, type Figure } from './report.js';

const figure: Figure = { what: 'needed', measured: 20.5, unit: 's', digits: 2 };

describe('a figure', () => {
  it.each<[string, Partial<Figure>, boolean]>([
    ['has no budget', {}, true],
    ['is at its most', { atMost: 20.5 }, true],
    ['is above its most', { atMost: 20.4 }, false],
    ['is at its least', { atLeast: 20.5 }, true],
    ['is below its least', { atLeast: 20.6 }, false],
    ['is no number at all', { measured: NaN, atMost: 5 }, false],
  ])('that %s: within %#', (_what, changes, expected) => {
    expect(isWithin({ ...figure, ...changes })).toBe(expected);
  });

  it('is a line of a table, with its budget and a verdict', () => {
    const figures = [
      figure,
      { what: 'above the least', measured: 6.25, unit: '%', digits: 1, atMost: 5 },
      { what: 'records', measured: 48_000, unit: 'records/s', atLeast: 40_000 },
    ];
    expect(figureTable(figures).split('\n')).toEqual([
      '                 measured             budget',
      'needed              20.50  s',
      'above the least       6.3  %          at most 5.0      OVER BUDGET',
      'records            48,000  records/s  at least 40,000  ok',
    ]);
  });
});

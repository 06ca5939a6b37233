import { suggestionFor } from './suggestion.js';

describe('suggestionFor', () => {
  it.each([
    ['queires', 'queries'],
    ['horizonDays', 'horizon_days'],
    ['horizon_day', 'horizon_days'],
    ['Countries', 'countries'],
    ['country', undefined],
    ['x', undefined],
  ])('%s → %s', (name, expected) => expect(suggestionFor(name, ['queries', 'horizon_days', 'countries'])).toBe(expected));

  it('suggests nothing from nothing', () => expect(suggestionFor('a', [])).toBeUndefined());
});

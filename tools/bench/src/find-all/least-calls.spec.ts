import { leastCalls } from './least-calls.js';

describe('the least calls for the events of a search', () => {
  it.each([
    [{ dated: 0, tba: 0, tbd: 0 }, 3],
    [{ dated: 200, tba: 1, tbd: 200 }, 3],
    [{ dated: 201, tba: 0, tbd: 0 }, 4],
    [{ dated: 8_000, tba: 250, tbd: 10 }, 43],
  ])('%j: %d', (counts, expected) => {
    expect(leastCalls(counts)).toBe(expected);
  });
});

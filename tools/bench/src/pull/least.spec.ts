import { leastMs } from './least.js';

describe('the least time of calls at a limit', () => {
  const limit = { perSecond: 20, latencyMs: 20 };

  it.each([
    [1, 20],
    [20, 400], // as quickly as they are answered
    [21, 1_020], // in the place of the first
    [40, 1_400],
    [400, 19_400],
  ])('%d calls: %d ms', (calls, expected) => {
    expect(leastMs(calls, limit)).toBe(expected);
  });
});

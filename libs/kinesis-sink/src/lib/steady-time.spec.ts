import { systemClock } from '@loadin/resilience';
import { steadyTime } from './steady-time.js';

describe('steadyTime', () => {
  it('goes on after the clock was set back, and never goes back itself', () => {
    let now = 1_000_000;
    const time = steadyTime({ ...systemClock, now: () => now });
    const readings = [0, 10, -500_000, 10, 10].map((step) => {
      now += step;
      return time();
    });
    expect(readings).toEqual([0, 10, 10, 20, 30]);
  });
});

import { createSlidingCount } from './sliding-count.js';

describe('counting calls in a rolling second', () => {
  it('counts any thousand milliseconds, not those of a clock', () => {
    const second = createSlidingCount(1_000);
    expect([900, 950, 1_100, 1_899, 1_900, 1_950].map((now) => second.add(now))).toEqual([1, 2, 3, 4, 4, 4]);
    expect(second.most).toBe(4);
  });

  it('forgets what is over', () => {
    const second = createSlidingCount(1_000);
    second.add(0);
    expect([second.within(999), second.within(1_000), second.most]).toEqual([1, 0, 1]);
  });
});

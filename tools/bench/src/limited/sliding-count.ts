/** How many calls lie within any span of so many milliseconds, as a strict server counts them. */
export interface SlidingCount {
  /** A call that is being made now counts from now on. Gives how many there are in the span that ends now, this one included. */
  add(now: number): number;
  /** In the span that ends now. */
  within(now: number): number;
  /** The most that there ever were. */
  readonly most: number;
}

export function createSlidingCount(spanMs: number): SlidingCount {
  let times: number[] = [];
  let most = 0;
  const within = (now: number): number => {
    const first = times.findIndex((time) => time > now - spanMs);
    times = first === -1 ? [] : times.slice(first);
    return times.length;
  };
  return {
    within,
    add(now) {
      times.push(now);
      const count = within(now);
      most = Math.max(most, count);
      return count;
    },
    get most() {
      return most;
    },
  };
}

import type { Clock } from '@loadin/resilience';

/** Milliseconds since now by a clock that may be set: when it is set back, time stands still for one reading and then goes on. */
export function steadyTime(clock: Clock): () => number {
  let last = clock.now();
  let elapsed = 0;
  return () => {
    const now = clock.now();
    elapsed += Math.max(0, now - last);
    last = now;
    return elapsed;
  };
}

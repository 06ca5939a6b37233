import { FatalError } from '@loadin/resilience';
import { parseScheduledTime } from '../time.js';

/** A scheduler's clock may be ahead of this machine's. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/** A run for a time to come would move the checkpoints there, and every run until then would find them ahead. */
export function scheduledFor(text: string, now: number): string {
  const at = parseScheduledTime(text);
  if (Date.parse(at) > now + CLOCK_TOLERANCE_MS) {
    throw new FatalError(`The scheduled time ${at} lies in the future`, {
      hint: 'A run is made at its time or later: leave the time (--at) out for a run now.',
    });
  }
  return at;
}

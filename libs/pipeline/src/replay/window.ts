import { FatalError } from '@loadin/resilience';
import { parseScheduledTime, plusSeconds } from '../time.js';

/** Scheduled times from `from` to `to`, both included. ISO 8601 UTC with seconds. */
export interface ReplayWindow {
  readonly from: string;
  readonly to: string;
}

const DAY_SECONDS = 86_400;

/** Reads a window as a user gives it: ISO 8601 with a zone, or dates alone, which mean whole days in UTC. Throws `FatalError`. */
export function replayWindow(from: string, to: string): ReplayWindow {
  const end = parseScheduledTime(to);
  const window = { from: parseScheduledTime(from), to: to.length === 10 ? plusSeconds(end, DAY_SECONDS - 1) : end };
  if (window.from > window.to)
    throw new FatalError(`From ${window.from} to ${window.to} there is no time`, {
      hint: 'Give the earlier time with --from, the later one with --to.',
    });
  return window;
}

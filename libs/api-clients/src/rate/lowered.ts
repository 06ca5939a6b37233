import { FatalError } from '@loadin/pipeline';
import type { Pace } from './bucket.js';
import type { Window } from './rolling-window.js';

export interface SourceRate {
  readonly windows: readonly Window[];
  readonly pace: Pace;
}

/**
 * A source's own limits, lowered to so many calls a minute (`API_RATE_LIMIT_REQUESTS`); a number above the source's changes nothing.
 * Throws `FatalError` for less than one call a minute.
 */
export function lowered({ windows, pace }: SourceRate, perMinute?: number): SourceRate {
  if (perMinute === undefined) return { windows, pace };
  if (!(perMinute >= 1))
    throw new FatalError('the limit of calls a minute must be 1 or more', {
      where: 'API_RATE_LIMIT_REQUESTS',
      hint: 'Leave it out to use the limits of the source.',
    });
  const limit = Math.floor(perMinute);
  const perSecond = Math.min(pace.perSecond, limit / 60);
  return { windows: [...windows, { limit, windowMs: 60_000 }], pace: { perSecond, burst: Math.min(pace.burst, limit) } };
}

import type { RunTime } from '@loadin/pipeline';
import { duration } from './units.js';

const NAMES: readonly (readonly [keyof RunTime, string])[] = [
  ['planning_ms', 'planning'],
  ['reading_ms', 'sources'],
  ['landing_ms', 'landing'],
  ['delivering_ms', 'sinks'],
  ['progress_ms', 'progress'],
  ['lease_ms', 'leases'],
  ['finishing_ms', 'finishing'],
];

/** What a run waited for; of slices side by side the sum, so that it may come to more than the run took. Empty for reports of versions that did not measure it. */
export function timeLine(time: RunTime | null | undefined): string[] {
  if (time === null || time === undefined) return [];
  return [`waited, all slices added up: ${NAMES.map(([name, text]) => `${text} ${duration(time[name])}`).join(' · ')}`];
}

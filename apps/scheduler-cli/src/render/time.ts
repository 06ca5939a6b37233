import type { RunTime } from '@loadin/pipeline';
import { duration } from './units.js';

const NAMES: readonly (readonly [keyof RunTime, string])[] = [
  ['planning_ms', 'planning'],
  ['reading_ms', 'sources'],
  ['landing_ms', 'landing'],
  ['delivering_ms', 'sinks'],
  ['loading_ms', 'loading'],
  ['progress_ms', 'progress'],
  ['lease_ms', 'leases'],
  ['finishing_ms', 'finishing'],
];

/** Either the one or the others are of a run: entities are loaded as a whole, records are read, landed and delivered. */
const OF_RECORDS: ReadonlySet<keyof RunTime> = new Set(['reading_ms', 'landing_ms', 'delivering_ms']);

/** What a run waited for; of slices side by side the sum, so that it may come to more than the run took. Empty for reports of versions that did not measure it. */
export function timeLine(time: RunTime | null | undefined): string[] {
  if (time === null || time === undefined) return [];
  const loads = (time.loading_ms ?? 0) > 0;
  const shown = NAMES.filter(([name]) => (name === 'loading_ms' ? loads : !loads || !OF_RECORDS.has(name) || (time[name] ?? 0) > 0));
  return [`waited, all slices added up: ${shown.map(([name, text]) => `${text} ${duration(time[name] ?? 0)}`).join(' · ')}`];
}

import type { Settings } from '@loadin/config';
import type { StateStore } from '@loadin/pipeline';
import { limitsOf } from '../plan/source-limits.js';

const DAY_MS = 86_400_000;
/** How the item of a day's calls is called. */
const OF_A_DAY = '/86400s';
const HOUR_MS = 3_600_000;

/** Percent of the day's calls that are spent, by source, of those that have such a quota; of several accounts the one that has spent most. Calls are counted by the hour. */
export async function quotaUsedOf(
  sources: readonly string[],
  state: StateStore,
  { http }: Settings,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const source of sources) {
    const { perDay } = limitsOf(source, http);
    if (perDay === null) continue;
    for await (const { key, value } of state.list(`quota/${source}/`)) {
      if (!key.endsWith(OF_A_DAY)) continue;
      const used = (callsWithinDay(value['calls'], now) / perDay) * 100;
      found.set(source, Math.max(used, found.get(source) ?? 0));
    }
  }
  return found;
}

/** `{ "{hours since 1970}": calls }` */
function callsWithinDay(calls: unknown, now: number): number {
  if (typeof calls !== 'object' || calls === null) return 0;
  return Object.entries(calls).reduce((sum, [hour, count]) => sum + ((Number(hour) + 1) * HOUR_MS + DAY_MS > now ? Number(count) : 0), 0);
}

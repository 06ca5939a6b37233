import type { JobsFile } from '@loadin/config';
import { readCheckpoint, type StateStore } from '@loadin/pipeline';

/** How long ago the streams of scheduled jobs were read to their end, in seconds, by stream id; the latest counts where several jobs read one. Streams that never were are left out. */
export async function freshnessOf({ jobs }: Pick<JobsFile, 'jobs'>, state: StateStore, now: number): Promise<ReadonlyMap<string, number>> {
  const latest = new Map<string, number>();
  for (const { name, schedule, streams } of jobs.values()) {
    if (schedule === undefined) continue;
    for (const { id } of streams) {
      const at = Date.parse((await readCheckpoint(state, name, id))?.updated_at ?? '');
      if (!Number.isNaN(at)) latest.set(id, Math.max(at, latest.get(id) ?? -Infinity));
    }
  }
  return new Map([...latest].map(([id, at]) => [id, Math.max(0, (now - at) / 1_000)]));
}

import type { JobStream } from '@loadin/config';
import { refreshOf } from '../sources.js';
import type { RefreshPlan } from './types.js';

/** What a run for a scheduled time reads and leaves, by the rule that the stream itself follows; `null` for a stream that always reads all. */
export async function refreshPlan(stream: JobStream, changedDays: readonly string[], scheduledTime: string): Promise<RefreshPlan | null> {
  if (stream.id !== 'ticketmaster.events' || stream.options.refresh === undefined) return null;
  const { horizon_days: horizonDays, look_back_days: lookBackDays, refresh } = stream.options;
  const { coverage } = await import('@loadin/api-clients');
  const { windows, skipped, share, readBy } = coverage({ scheduledTime, horizonDays, lookBackDays, refresh: refreshOf(refresh, changedDays) });
  const { coverage_hours, every_hours } = refresh;
  return { windows, skipped, share, read_by: readBy ?? null, changed_days: changedDays, coverage_hours, every_hours };
}

import type { JobStream } from '@loadin/config';
import type { RefreshPlan } from './types.js';

export async function refreshPlan(stream: JobStream, _changedDays: readonly string[], _at: string): Promise<RefreshPlan | null> {
  if (stream.id !== 'ticketmaster.events' || stream.options.refresh === undefined) return null;
  return null;
}

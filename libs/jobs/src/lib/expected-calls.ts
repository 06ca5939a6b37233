import type { JobDefinition } from '@loadin/config';
import { estimate } from './plan/estimate.js';
import { sum } from './plan/range.js';
import { refreshPlan } from './plan/refresh-plan.js';
import { limitsOf } from './plan/source-limits.js';
import type { Range } from './plan/types.js';
import { needOf } from './stream-facts.js';

/** What a run of a job at a time will ask its sources for, as far as it can be told before asking: one clause a source. `loadin plan` says more. */
export async function expectedCalls(job: JobDefinition, at: string): Promise<string> {
  const bySource = new Map<string, Range[]>();
  for (const stream of job.streams) {
    if (needOf(stream) === 'postgres') continue; // a database counts no calls
    const reads = await refreshPlan(stream, [], at);
    const { calls } = estimate(stream, job, { last: new Map(), ...(reads && { reads }) });
    bySource.set(sourceOf(stream.id), [...(bySource.get(sourceOf(stream.id)) ?? []), calls]);
  }
  const clauses = [...bySource].map(([source, calls]) => {
    const { title, perDay } = limitsOf(source, { requestsPerMinute: undefined });
    return `${bounds(sum(calls))} calls to ${title}${perDay === null ? '' : ` (${count(perDay)} a day are allowed)`}`;
  });
  const tables = job.streams.filter((stream) => needOf(stream) === 'postgres').length;
  if (tables > 0) clauses.push(`${tables} table${tables === 1 ? '' : 's'} of a database`);
  return `${job.name}: ${clauses.join(', ')}`;
}

function bounds({ least, most }: Range): string {
  if (most === null) return `${count(least)} or more`;
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}

const count = (value: number): string => value.toLocaleString('en-US');

export const sourceOf = (streamId: string): string => streamId.split('.')[0] ?? streamId;

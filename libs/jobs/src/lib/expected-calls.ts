import type { JobDefinition } from '@loadin/config';
import { estimate } from './plan/estimate.js';
import { sum } from './plan/range.js';
import { limitsOf } from './plan/source-limits.js';

/** What a run of a job will ask its sources for, as far as it can be told before asking: one clause a source. `loadin plan` says more. */
export function expectedCalls(job: JobDefinition): string {
  const sources = [...new Set(job.streams.map(({ id }) => sourceOf(id)))];
  const clauses = sources.map((source) => {
    const { least, most } = sum(job.streams.filter(({ id }) => sourceOf(id) === source).map((stream) => estimate(stream, job).calls));
    const { title, perDay } = limitsOf(source, { requestsPerMinute: undefined });
    const bounds = most === null ? `${least} or more` : least === most ? `${least}` : `${least} to ${most}`;
    return `${bounds} calls to ${title}${perDay === null ? '' : ` (${perDay.toLocaleString('en-US')} a day are allowed)`}`;
  });
  return `${job.name}: ${clauses.join(', ')}`;
}

export const sourceOf = (streamId: string): string => streamId.split('.')[0] ?? streamId;

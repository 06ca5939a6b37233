import type { JobSchedule } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';
import type { Schedule } from '@loadin/schedules';

/** Those of the names, or all. Throws `FatalError` for a name that there is not. */
export function selectJobs(jobs: readonly JobSchedule[], names: readonly string[] | undefined, jobsFile: string): readonly JobSchedule[] {
  if (names === undefined) return jobs;
  const unknown = names.find((name) => !jobs.some(({ job }) => job === name));
  if (unknown === undefined) return jobs.filter(({ job }) => names.includes(job));
  throw new FatalError(`There is no job "${unknown}"`, { where: jobsFile, hint: `It has: ${jobs.map(({ job }) => job).join(', ')}.` });
}

/** Throws `FatalError` when none has one. */
export function withSchedule(jobs: readonly JobSchedule[], jobsFile: string): readonly { readonly job: string; readonly schedule: Schedule }[] {
  const scheduled = jobs.flatMap(({ job, schedule }) => (schedule === undefined ? [] : [{ job, schedule }]));
  if (scheduled.length > 0) return scheduled;
  throw new FatalError('None of the jobs has a schedule', {
    where: jobsFile,
    hint: 'Give one in the jobs file, such as schedule: cron(0 2 * * ? *).',
  });
}

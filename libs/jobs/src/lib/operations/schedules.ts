import { readSettings, type Environment } from '@loadin/config';
import { FatalError, isoSecond, systemClock, type Clock, type StateStore } from '@loadin/pipeline';
import { latestDueTime, parseSchedule, type Schedule } from '@loadin/schedules';
import { connect } from '../connect.js';
import { findJob, loadJobsFile } from '../load-jobs-file.js';
import { openState } from '../stores.js';

export interface JobSchedule {
  readonly job: string;
  /** `undefined`: it runs on request only. */
  readonly schedule: Schedule | undefined;
}

/** When the jobs of the jobs file are due. Needs no setting but that of the jobs file. */
export async function listSchedules(environment: Environment): Promise<{ readonly jobsFile: string; readonly jobs: readonly JobSchedule[] }> {
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const jobs = [...file.jobs.values()].map(({ name, schedule, timeZone }) => ({ job: name, schedule: scheduleOf(schedule, timeZone) }));
    return { jobsFile: file.path, jobs };
  } finally {
    await aws.close();
  }
}

const scheduleOf = (expression: string | undefined, zone: string | undefined): Schedule | undefined =>
  expression === undefined ? undefined : parseSchedule(expression, { zone });

export interface DueTimeOptions {
  readonly job: string;
  readonly environment: Environment;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** The latest time at which a job was due: what a run that cron or systemd has started is for. Throws `FatalError` for a job without a schedule. */
export async function dueTimeOf({ job, environment, clock = systemClock }: DueTimeOptions): Promise<string> {
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const { schedule: expression, timeZone } = findJob(file, job);
    const schedule = scheduleOf(expression, timeZone);
    const due = schedule === undefined ? undefined : latestDueTime(schedule, clock.now());
    if (due !== undefined) return isoSecond(due);
    throw new FatalError(schedule === undefined ? `The job ${job} has no schedule` : `The job ${job} has never been due`, {
      where: file.path,
      hint: 'Name the time with --at, or leave it out for a manual run.',
    });
  } finally {
    await aws.close();
  }
}

/** The state store that settings name, open for as long as `use` takes. */
export async function withState<Result>(environment: Environment, use: (state: StateStore) => Promise<Result>): Promise<Result> {
  const settings = readSettings(environment, ['state']);
  const aws = connect(environment);
  try {
    return await use(await openState(settings, aws));
  } finally {
    await aws.close();
  }
}

import { DEFAULT_JOBS_FILE, parseJobsFile, type JobsFile } from '@loadin/config';
import { FatalError } from '@loadin/resilience';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvironmentSettings } from './environments/types.js';

/** The jobs file that an environment runs by. */
export interface DeployedJobs {
  readonly file: JobsFile;
  /** The file's own path; undefined: the one that is built into the apps. */
  readonly path: string | undefined;
}

/**
 * The jobs of an environment, which has all that its `tasks` name.
 * @param folder where the environments file lies: its jobs file is named from there
 * @throws FatalError, JobsFileError for a jobs file that can't be used
 */
export function deployedJobs(environment: EnvironmentSettings, folder: string): DeployedJobs {
  const jobs = jobsOf(environment, folder);
  const unknown = environment.tasks.find((name) => !jobs.file.jobs.has(name));
  if (unknown !== undefined)
    throw new FatalError(`The environment ${environment.name} has a task for the job ${unknown}, which is not in ${jobs.file.path}`, {
      where: `environments.${environment.name}.tasks`,
      hint: `Its jobs are ${[...jobs.file.jobs.keys()].join(', ')}.`,
    });
  return jobs;
}

function jobsOf({ jobsFile, name }: EnvironmentSettings, folder: string): DeployedJobs {
  if (jobsFile === undefined) return { file: parseJobsFile(DEFAULT_JOBS_FILE, 'the built-in jobs file'), path: undefined };
  const path = resolve(folder, jobsFile);
  return { file: parseJobsFile(textOf(path, name), path), path };
}

function textOf(path: string, environment: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FatalError(`The jobs file of the environment ${environment} can't be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, {
      where: path,
      hint: 'jobs_file is a path from the environments file.',
      cause,
    });
  }
}

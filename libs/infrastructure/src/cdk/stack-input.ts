import { DEFAULT_JOBS_FILE, parseJobsFile } from '@loadin/config';
import { FatalError } from '@loadin/resilience';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvironmentSettings } from '../lib/environments/types.js';
import { resourceNames } from '../lib/names.js';
import type { DeployedJobs, StackInput } from './types.js';

export interface StackInputOptions {
  readonly environment: EnvironmentSettings;
  /** The workspace's folder. */
  readonly workspace: string;
  /** Where the environments file lies: its jobs file is named from there. */
  readonly folder: string;
}

/** Everything that the stacks of an environment are made of. @throws FatalError, JobsFileError for a jobs file that can't be used */
export function stackInput({ environment, workspace, folder }: StackInputOptions): StackInput {
  const jobs = jobsOf(environment, folder);
  const unknown = environment.tasks.find((name) => !jobs.file.jobs.has(name));
  if (unknown !== undefined)
    throw new FatalError(`The environment ${environment.name} has a task for the job ${unknown}, which is not in ${jobs.file.path}`, {
      where: `environments.${environment.name}.tasks`,
      hint: `Its jobs are ${[...jobs.file.jobs.keys()].join(', ')}.`,
    });
  return { environment, workspace, folder, jobs, names: resourceNames({ ...environment, environment: environment.name }) };
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

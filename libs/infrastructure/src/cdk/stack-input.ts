import { deployedJobs } from '../lib/deployed-jobs.js';
import type { EnvironmentSettings } from '../lib/environments/types.js';
import { resourceNames } from '../lib/names.js';
import type { StackInput } from './types.js';

export interface StackInputOptions {
  readonly environment: EnvironmentSettings;
  /** The workspace's folder. */
  readonly workspace: string;
  /** Where the environments file lies: its jobs file is named from there. */
  readonly folder: string;
}

/** Everything that the stacks of an environment are made of. @throws FatalError, JobsFileError for a jobs file that can't be used */
export function stackInput({ environment, workspace, folder }: StackInputOptions): StackInput {
  const names = resourceNames({ ...environment, environment: environment.name });
  return { environment, workspace, folder, jobs: deployedJobs(environment, folder), names };
}

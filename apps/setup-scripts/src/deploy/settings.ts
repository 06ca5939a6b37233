import { deployedJobs, resourceNames, runSettings } from '@loadin/infrastructure';
import { dirname } from 'node:path';
import type { ChosenEnvironment } from './read-environment.js';

/**
 * The settings that the functions of an environment run with, as lines of `.env`: with them a command on this machine works with the same buckets, stream, table and secrets.
 * @throws FatalError for jobs that read an API whose address the environment does not say
 */
export function settingsOf({ settings, file }: ChosenEnvironment): readonly string[] {
  const names = resourceNames({ ...settings, environment: settings.name });
  const jobs = deployedJobs(settings, dirname(file));
  const all = {
    AWS_REGION: settings.region,
    ...runSettings({ environment: settings, names, jobs: [...jobs.file.jobs.values()], jobsFile: jobs.path }),
  };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

import { JobsFileError, readSettings, type Environment, type SettingName } from '@loadin/config';
import { neededResources } from '@loadin/jobs';
import { LoadinError } from '@loadin/resilience';
import type { SetupSettings } from './resources/wanted.js';

/** What is made and checked besides the buckets that settings name and the checkpoints. */
export interface Needs {
  /** Somebody sends to the stream. */
  readonly stream: boolean;
  /** Why nobody does, where nobody does. */
  readonly why: string;
  readonly warnings: readonly string[];
}

/** Settings with the buckets that are needed: by the jobs of `LOADIN_JOBS`, or as the settings tell. Throws `ConfigurationError` when one is not named, as the jobs file's reader does when that is wrong. */
export async function readNeeds(environment: Environment): Promise<{ readonly settings: SetupSettings; readonly needs: Needs }> {
  const { buckets, ...needs } = isSet(environment, 'LOADIN_JOBS') ? await ofJobs(environment) : ofSettings(environment);
  return { settings: readSettings(environment, [...buckets, 'aws', 'stream', 'state']), needs };
}

const isSet = (environment: Environment, name: SettingName): boolean => environment.get(name) !== undefined;

interface FoundNeeds extends Needs {
  readonly buckets: readonly ('raw' | 'bronze')[];
}

function ofSettings(environment: Environment, warnings: readonly string[] = []): FoundNeeds {
  if (isSet(environment, 'S3_BUCKET_NAME') && !isSet(environment, 'AWS_S3_BUCKET_RAW'))
    return { buckets: ['bronze'], stream: false, why: 'S3_BUCKET_NAME without AWS_S3_BUCKET_RAW: bronze alone', warnings };
  return { buckets: ['raw'], stream: true, why: '', warnings };
}

async function ofJobs(environment: Environment): Promise<FoundNeeds> {
  const { jobsFile: location } = readSettings(environment, ['aws']);
  try {
    const { jobsFile, raw, bronze, stream } = await neededResources(environment);
    const buckets = (['raw', 'bronze'] as const).filter((name) => ({ raw, bronze })[name]);
    return { buckets, stream, why: `no job of ${jobsFile} sends to one`, warnings: [] };
  } catch (error) {
    // It may lie in a bucket that is still to be made.
    if (location?.kind !== 's3' || !(error instanceof LoadinError) || error instanceof JobsFileError) throw error;
    return ofSettings(environment, [
      `the jobs file can't be read, so what the settings name is taken: ${error.message} (${error.where ?? 'LOADIN_JOBS'})`,
    ]);
  }
}

import { readSettings, type Environment } from '@loadin/config';
import { connect } from '../connect.js';
import { loadJobsFile } from '../load-jobs-file.js';
import { isBronze } from '../stream-facts.js';

/** What must be there on AWS before the jobs of a jobs file can run; the state store comes on top. */
export interface NeededResources {
  /** As it is named in messages. */
  readonly jobsFile: string;
  /** A job delivers records: it needs the raw bucket. */
  readonly raw: boolean;
  /** A job loads entities: it needs the bronze bucket. */
  readonly bronze: boolean;
  /** A job sends to the stream. */
  readonly stream: boolean;
}

/** What the jobs of the jobs file need. Throws as the jobs file's reader does. */
export async function neededResources(environment: Environment): Promise<NeededResources> {
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const jobs = [...file.jobs.values()];
    return {
      jobsFile: file.path,
      raw: jobs.some((job) => !isBronze(job)),
      bronze: jobs.some(isBronze),
      stream: jobs.some(({ sinks }) => sinks.includes('kinesis')),
    };
  } finally {
    await aws.close();
  }
}

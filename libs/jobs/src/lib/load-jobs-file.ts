import { toLoadinError } from '@loadin/aws';
import {
  DEFAULT_JOBS_FILE,
  KNOWN,
  parseJobsFile,
  suggestionFor,
  type CommonSettings,
  type JobDefinition,
  type JobsFile,
  type JobStream,
} from '@loadin/config';
import { FatalError } from '@loadin/pipeline';
import { readFile } from 'node:fs/promises';
import type { AwsConnections } from './aws-connections.js';

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'there is none', EISDIR: 'it is a folder', EACCES: 'it may not be read (permissions)' };

/** The jobs file that `LOADIN_JOBS` names, or the built-in one. Throws with line and column of everything that is wrong with it. */
export async function loadJobsFile({ jobsFile }: Pick<CommonSettings, 'jobsFile'>, aws: AwsConnections): Promise<JobsFile> {
  if (jobsFile === undefined) return parseJobsFile(DEFAULT_JOBS_FILE, 'the built-in jobs file');
  if (jobsFile.kind === 's3') return parse(await readObject(aws, jobsFile), `s3://${jobsFile.bucket}/${jobsFile.key}`);
  const text = await readFile(jobsFile.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FatalError(`The jobs file can't be read: ${REASONS[error.code ?? ''] ?? error.code ?? 'unknown error'}`, {
      where: jobsFile.path,
      hint: 'LOADIN_JOBS names it; without that setting the built-in jobs are used.',
      cause: error,
    });
  });
  return parse(text, jobsFile.path);
}

/** Expectations are known by those who look at them, and loaded only where there may be some. */
async function parse(text: string, path: string): Promise<JobsFile> {
  if (!/\bexpect\b/.test(text)) return parseJobsFile(text, path);
  const { readExpectations } = await import('./quality-parts.js');
  return parseJobsFile(text, path, { ...KNOWN, expectations: (list) => readExpectations(list).faults });
}

async function readObject(aws: AwsConnections, { bucket, key }: { bucket: string; key: string }): Promise<string> {
  const { GetObjectCommand } = await import('./sdk/s3.js');
  const client = await aws.s3();
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString('utf8')) ?? '';
  } catch (error) {
    throw toLoadinError(error, { service: 'S3', operation: 'GetObject', resource: `s3://${bucket}/${key}` });
  }
}

export function findJob(file: JobsFile, name: string): JobDefinition {
  const found = file.jobs.get(name);
  if (found !== undefined) return found;
  const known = [...file.jobs.keys()];
  const suggestion = suggestionFor(name, known);
  throw new FatalError(`There is no job "${name}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`, {
    where: file.path,
    hint: `It has: ${known.join(', ')}.`,
  });
}

/** Some of a job's streams, named by id (`ticketmaster.events`) or by data type (`events`); all of them when none is named. */
export function selectStreams(job: JobDefinition, names: readonly string[] | undefined): JobDefinition {
  if (names === undefined || names.length === 0) return job;
  const matches = (id: string, name: string): boolean => id === name || id.split('.')[1] === name;
  const unknown = names.filter((name) => !job.streams.some(({ id }) => matches(id, name)));
  if (unknown.length > 0) {
    throw new FatalError(`The job ${job.name} has no stream ${unknown.map((name) => `"${name}"`).join(', ')}`, {
      hint: `It has: ${job.streams.map(({ id }) => id).join(', ')}.`,
    });
  }
  const selected = { ...job, streams: job.streams.filter(({ id }) => names.some((name) => matches(id, name))) };
  const starved = selected.streams.find((stream) => !hasSomethingToRead(stream, selected));
  if (starved === undefined) return selected;
  const source = feederOf(starved);
  throw new FatalError(`${starved.id} takes all that it reads from ${source}, which is not among these streams`, {
    hint: `Name both: --stream ${starved.id} --stream ${source}.`,
  });
}

/** The stream of the same job that another one takes ids from, if it does. */
export function feederOf({ id, options }: JobStream): JobStream['id'] | undefined {
  if (id === 'spotify.tracks' && options.from_artists) return 'spotify.artists';
  return id === 'ticketmaster.attractions' && options.from_events ? 'ticketmaster.events' : undefined;
}

function hasSomethingToRead(stream: JobStream, { streams }: JobDefinition): boolean {
  const feeder = feederOf(stream);
  if (feeder === undefined || streams.some(({ id }) => id === feeder)) return true;
  if (stream.id === 'spotify.tracks') return stream.options.artist_ids.length > 0;
  return stream.id !== 'ticketmaster.attractions' || stream.options.ids.length + stream.options.keywords.length > 0;
}

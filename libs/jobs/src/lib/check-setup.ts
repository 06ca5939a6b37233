import { toLoadinError } from '@loadin/aws';
import { needed, openSecrets, readSettings, type Environment, type JobDefinition, type Settings } from '@loadin/config';
import { FatalError, isoSecond, RetryableError, systemClock, type Clock } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { line, type CheckLine } from './check-line.js';
import { connect } from './connect.js';
import { expectedCalls } from './expected-calls.js';
import { loadJobsFile } from './load-jobs-file.js';
import { needsOf } from './job-needs.js';
import { checkSources } from './check-sources.js';
import { checkBucket } from './preflight.js';
import { secretReader } from './secrets.js';
import { sinkKind } from './sinks.js';
import { isBronze } from './stream-facts.js';
import { checkState, openLake, openState } from './stores.js';

export interface CheckSetupOptions {
  readonly environment: Environment;
  readonly clock?: Clock;
}

/** AWS refuses requests that are signed more than five minutes off. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Looks at everything that the jobs of the jobs file need, one line each, as it is found. It makes one call to each source, and writes one small object. */
export async function* checkSetup({ environment, clock = systemClock }: CheckSetupOptions): AsyncGenerator<CheckLine> {
  const aws = connect(environment);
  try {
    const base = await line('settings', async () => `${readSettings(environment, []).warnings.join(' ')}`);
    if (!base.ok) return void (yield base);
    const jobs: JobDefinition[] = [];
    yield await line('jobs file', async () => {
      const file = await loadJobsFile(readSettings(environment, []), aws);
      jobs.push(...file.jobs.values());
      return [`${file.path}: ${[...file.jobs.keys()].join(', ')}`, ...file.warnings].join('\n');
    });
    if (jobs.length === 0) return void (yield { name: 'the rest', ok: false, detail: 'not checked: the jobs file says what is needed' });
    const needs = [...new Set(jobs.flatMap(needsOf))];
    const found: Settings[] = [];
    yield await line('settings', async () => {
      found.push(readSettings(environment, needs));
      return `all that these jobs need (${needs.join(', ')})`;
    });
    const [settings] = found;
    if (settings === undefined) return;
    const calls = await Promise.all(jobs.map((job) => expectedCalls(job, isoSecond(clock.now()))));
    yield { name: 'calls', ok: true, detail: [...calls, 'loadin plan JOB says more'].join('\n') };
    let stateIsThere = false;
    for await (const found of checkAws(settings, jobs, aws, clock)) {
      if (found.name === 'state') stateIsThere = found.ok;
      yield found;
    }
    const secrets = openSecrets(secretReader(aws), { clock });
    // Where the state can't be reached, its line has said so; the sources are looked at all the same.
    const state = stateIsThere ? await openState(settings, aws) : undefined;
    const context = { settings, secrets, clock, state };
    yield* checkSources(needs, context);
    const bronze = jobs.filter(isBronze);
    if (bronze.length > 0) yield* (await import('./entities/check-entities.js')).checkEntities(bronze, context);
  } finally {
    await aws.close();
  }
}

async function* checkAws(settings: Settings, jobs: readonly JobDefinition[], aws: AwsConnections, clock: Clock): AsyncGenerator<CheckLine> {
  const { raw, bronze } = settings;
  const buckets = [...(jobs.every(isBronze) ? [] : [needed(settings, 'raw')]), ...(jobs.some(isBronze) ? [needed(settings, 'bronze')] : [])];
  const names = [...new Set(buckets.map(({ bucket }) => bucket))];
  let reachable: string | undefined;
  for (const bucket of names) {
    const of = names.length === 1 ? '' : bucket === raw?.bucket ? ' (raw)' : bucket === bronze?.bucket ? ' (bronze)' : '';
    const bucketLine = await line(`bucket${of}`, () => checkBucket(aws, bucket));
    yield bucketLine;
    if (!bucketLine.ok) continue;
    reachable = bucket;
    yield await line(`permissions${of}`, () => checkWrite(settings, aws, bucket));
  }
  if (jobs.some((job) => job.sinks.includes('kinesis'))) yield await line('stream', () => sinkKind('kinesis').check(settings, aws));
  const state = await line('state', () => checkState(settings, aws));
  yield state;
  // The account is part of the table's name: no further permission is needed to know it.
  const account = /^arn:[\w-]+:dynamodb:[\w-]*:(\d+):/.exec(state.detail)?.[1];
  if (account !== undefined) yield { name: 'account', ok: true, detail: `AWS account ${account}, bucket ${names.join(', ')}` };
  if (reachable !== undefined) yield await line('clock', () => checkClock(aws, reachable, clock));
}

async function checkWrite(settings: Settings, aws: AwsConnections, bucket: string): Promise<string> {
  const lake = await openLake(settings, aws, bucket);
  const key = '_loadin/checks/write.json';
  await lake.put(key, Buffer.from('{"check":true}\n'), { contentType: 'application/json' });
  const back = await lake.get(key);
  if (back === undefined)
    throw new FatalError('an object that was just written is not there', {
      where: `${lake.uri}/${key}`,
      hint: 'Look for a lifecycle rule or a job that deletes it.',
    });
  return `${lake.uri}/${key} written and read back`;
}

async function checkClock(aws: AwsConnections, bucket: string, clock: Clock): Promise<string> {
  const { HeadBucketCommand } = await import('./sdk/s3.js');
  const client = await aws.s3();
  let theirs = Number.NaN;
  const command = new HeadBucketCommand({ Bucket: bucket });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      theirs = Date.parse((result.response as { headers?: Record<string, string> }).headers?.['date'] ?? '');
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await client.send(command).catch((error: unknown) => {
    throw toLoadinError(error, { service: 'S3', operation: 'HeadBucket', resource: `s3://${bucket}` });
  });
  const skew = clock.now() - theirs;
  if (Number.isNaN(skew)) throw new RetryableError('the server says no time', { hint: "Compare this machine's clock by hand." });
  if (Math.abs(skew) > MAX_CLOCK_SKEW_MS)
    throw new FatalError(`this machine's clock is off by ${Math.round(skew / 1000)} s`, {
      hint: 'Set it by NTP: AWS refuses requests that are more than five minutes off.',
    });
  return `within ${Math.max(1, Math.round(Math.abs(skew) / 1000))} s of the server's`;
}

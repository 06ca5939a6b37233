import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { loadEnvironment, type Environment } from '@loadin/config';
import { startLocalAws } from '@loadin/local-aws';
import { createManualClock } from '@loadin/testing';
import { startUpstreams, type UpstreamsOptions } from '@loadin/upstreams';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNamedJob, type RunNamedJobOptions } from './run-named-job.js';

/** The simulated world begins here; the job's clock says so too. */
export const BASE_DATE = '2026-03-01';
export const AT = '2026-03-01T02:00:00Z';
const BUCKET = 'raw-of-a-test';
const STREAM = 'stream-of-a-test';

export interface WorldOptions {
  /** The jobs file. */
  readonly jobs: string;
  readonly shards?: number;
  readonly upstreams?: UpstreamsOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/** Real servers with everything created, sources without rate limits, and a clock on which waiting takes no time. */
export async function startWorld(options: WorldOptions) {
  const dir = await mkdtemp(join(tmpdir(), 'loadin jobs '));
  const limits = { spotify: { callsPerWindow: 1e6 }, ticketmaster: { perSecond: 1e6, perDay: 1e6 } };
  const aws = await startLocalAws({ dataDir: join(dir, 'aws') });
  const sources = await startUpstreams({ baseDate: BASE_DATE, limits, ...options.upstreams });
  const jobsFile = join(dir, 'loadin.jobs.yaml');
  await writeFile(jobsFile, options.jobs);
  const env: Record<string, string> = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_S3_BUCKET_RAW: BUCKET,
    AWS_KINESIS_STREAM_NAME: STREAM,
    API_SPOTIFY_BASE_URL: sources.spotifyUrl,
    API_SPOTIFY_ACCOUNTS_URL: sources.spotifyAccountsUrl,
    API_TICKETMASTER_BASE_URL: sources.ticketmasterUrl,
    API_SPOTIFY_CLIENT_ID: sources.credentials.spotifyClientId,
    API_SPOTIFY_CLIENT_SECRET: sources.credentials.spotifyClientSecret,
    API_TICKETMASTER_API_KEY: sources.credentials.ticketmasterApiKey,
    LOADIN_JOBS: jobsFile,
    ...options.env,
  };
  const clientOptions = awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const s3 = new S3Client(clientOptions.s3);
  const kinesis = new KinesisClient(clientOptions.kinesis);
  const dynamodb = new DynamoDBClient(clientOptions.dynamodb);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { checkpointTableDefinition } = await import('@loadin/checkpoint-store');
  await dynamodb.send(new CreateTableCommand(checkpointTableDefinition('loadin-checkpoints')));
  await createStream(kinesis, options.shards ?? 4);
  const clock = createManualClock(Date.parse(AT) + 5_000);
  const environment = (more: Readonly<Record<string, string | undefined>> = {}): Environment =>
    loadEnvironment({ cwd: dir, env: { ...env, ...more } });
  return {
    aws,
    sources,
    s3,
    kinesis,
    clock,
    bucket: BUCKET,
    stream: STREAM,
    environment,
    run: (job: string, more: Partial<RunNamedJobOptions> = {}) => runNamedJob({ job, environment: environment(), clock, at: AT, ...more }),
    async close() {
      for (const client of [s3, kinesis, dynamodb]) client.destroy();
      await Promise.all([aws.close(), sources.close()]);
      await rm(dir, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

async function createStream(kinesis: KinesisClient, shards: number): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: shards }));
  for (;;) {
    const { StreamDescriptionSummary: found } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: STREAM }));
    if (found?.StreamStatus === 'ACTIVE') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

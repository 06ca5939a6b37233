import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { checkpointTableDefinition } from '@loadin/checkpoint-store';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { startUpstreams, type Upstreams, type UpstreamsOptions } from '@loadin/upstreams';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadin, startLoadin, type CommandResult, type StartedCommand } from './bundle.fixture.js';
import { openLake, type Lake } from './lake.fixture.js';

/** Small enough to be read within the sources' real limits in two seconds: the command has the real clock. */
export const SELECTION = { queries: ['genre:"grime"'], ids: ['089E1GvhsJFcIirMyZtxiT'], countries: ['SE'], horizonDays: 30 } as const;

export const JOBS = `version: 1
streams:
  spotify.artists:
    queries: ['genre:"grime"']
    ids: ['089E1GvhsJFcIirMyZtxiT']
  ticketmaster.venues:
    countries: [SE]
  ticketmaster.events:
    countries: [SE]
    horizon_days: 30
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events]
    sinks: [s3_raw, kinesis]
  hourly:
    streams: [ticketmaster.events]
    sinks: [s3_raw, kinesis]
  artist_refresh:
    streams: [spotify.artists]
    sinks: [s3_raw, kinesis]
`;

export const BUCKET = 'raw-of-a-spec';
export const STREAM = 'stream-of-a-spec';
export const TABLE = 'loadin-checkpoints';

export interface World {
  /** An empty folder with a space in its name: where commands run. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly aws: LocalAws;
  readonly sources: Upstreams;
  readonly lake: Lake;
  loadin(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<CommandResult>;
  start(args: readonly string[]): StartedCommand;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Access keys and their secrets. Default: every key is good. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly sources?: UpstreamsOptions;
  /** What is there already. Default all three. */
  readonly made?: readonly ('bucket' | 'stream' | 'table')[];
}

/** A command that was killed has left its call: that is not worth a line. */
const log = (line: string): void => void (line.endsWith('aborted') || process.stderr.write(`${line}\n`));

/** Real servers, with everything created, and commands that are led to them. */
export async function startWorld({ credentials, sources: sourceOptions, made = ['bucket', 'stream', 'table'] }: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'loadin cli '));
  const aws = await startLocalAws({ dataDir: join(dir, 'aws'), log, ...(credentials && { credentials }) });
  const sources = await startUpstreams(sourceOptions);
  await writeFile(join(dir, 'jobs.yaml'), JOBS);
  const [accessKeyId = 'local', secretAccessKey = 'local'] = Object.entries(credentials ?? {})[0] ?? [];
  const options = awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId, secretAccessKey } });
  const [s3, kinesis, dynamodb] = [new S3Client(options.s3), new KinesisClient(options.kinesis), new DynamoDBClient(options.dynamodb)];
  if (made.includes('bucket')) await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  if (made.includes('stream')) await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 2 }));
  if (made.includes('table')) await dynamodb.send(new CreateTableCommand(checkpointTableDefinition(TABLE)));
  dynamodb.destroy();
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_S3_BUCKET_RAW: BUCKET,
    AWS_KINESIS_STREAM_NAME: STREAM,
    API_SPOTIFY_BASE_URL: sources.spotifyUrl,
    API_SPOTIFY_ACCOUNTS_URL: sources.spotifyAccountsUrl,
    API_TICKETMASTER_BASE_URL: sources.ticketmasterUrl,
    API_SPOTIFY_CLIENT_ID: sources.credentials.spotifyClientId,
    API_SPOTIFY_CLIENT_SECRET: sources.credentials.spotifyClientSecret,
    API_TICKETMASTER_API_KEY: sources.credentials.ticketmasterApiKey,
    LOADIN_JOBS: 'jobs.yaml',
  };
  return {
    dir,
    env,
    aws,
    sources,
    lake: openLake(s3, kinesis, BUCKET, STREAM),
    loadin: (args, more = {}) => loadin(args, { cwd: dir, env: { ...env, ...more } }),
    start: (args) => startLoadin(args, { cwd: dir, env }),
    async close() {
      s3.destroy();
      kinesis.destroy();
      await Promise.all([aws.close(), sources.close()]);
      await rm(dir, { recursive: true });
    },
  };
}

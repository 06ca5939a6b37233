import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { checkpointTableDefinition } from '@loadin/checkpoint-store';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { startLocalLambda, type LocalLambda, type LocalLambdaOptions } from '@loadin/local-lambda';
import { startUpstreams, type Upstreams } from '@loadin/upstreams';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLake, type Lake } from './lake.fixture.js';

const ZIP = join(__dirname, '../dist/function.zip');
const BUCKET = 'raw-of-a-spec';
const STREAM = 'stream-of-a-spec';
const DAY_MS = 86_400_000;
const SELECTION = { queries: ['genre:"grime"'], countries: ['SE'], horizonDays: 30 } as const;

/** Small enough to be read within the sources' real limits in two seconds: the function has the real clock. */
const JOBS = `version: 1
streams:
  spotify.artists:
    queries: ['genre:"grime"']
  ticketmaster.venues:
    countries: [SE]
  ticketmaster.events:
    countries: [SE]
    horizon_days: 30
jobs:
  daily:
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events]
    sinks: [s3_raw, kinesis]
`;

export const ID_FIELD = { artists: 'artist_id', venues: 'venue_id', events: 'concert_id' } as const;
export type DataType = keyof typeof ID_FIELD;

export interface World {
  readonly aws: LocalAws;
  readonly sources: Upstreams;
  readonly lake: Lake;
  /** The function as it is deployed, led to these servers; stopped with the world. */
  deploy(options?: Partial<LocalLambdaOptions>): LocalLambda;
  /** The ids that a run scheduled for `at` must bring, by the catalogue itself; sorted. */
  truth(at: string): Readonly<Record<DataType, string[]>>;
  close(): Promise<void>;
}

/** A call that was cut off with its function is not worth a line. */
const log = (line: string): void => void (line.endsWith('aborted') || process.stderr.write(`${line}\n`));

/** Real servers with everything created; the jobs file lies in the bucket, as for a deployed function. */
export async function startWorld(): Promise<World> {
  if (!existsSync(ZIP)) throw new Error(`${ZIP} is missing: these specifications run what is deployed. Build it with: npx nx build ingestion-lambda`);
  const dir = await mkdtemp(join(tmpdir(), 'loadin lambda '));
  const aws = await startLocalAws({ dataDir: dir, log });
  const sources = await startUpstreams();
  const options = awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const [s3, kinesis, dynamodb] = [new S3Client(options.s3), new KinesisClient(options.kinesis), new DynamoDBClient(options.dynamodb)];
  for (const Bucket of [BUCKET, 'settings-of-a-spec']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket: 'settings-of-a-spec', Key: 'jobs.yaml', Body: JOBS }));
  await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 2 }));
  await dynamodb.send(new CreateTableCommand(checkpointTableDefinition('loadin-checkpoints')));
  const functions: LocalLambda[] = [];
  return {
    aws,
    sources,
    lake: openLake(s3, kinesis, BUCKET, STREAM),
    deploy(more = {}) {
      const env = { ...environmentOf(aws, sources), ...more.env };
      const deployed = startLocalLambda({ zip: ZIP, functionName: 'ingestion', timeoutMs: 60_000, memoryMB: 512, ...more, env });
      functions.push(deployed);
      return deployed;
    },
    truth: (at) => truth(sources, at),
    async close() {
      for (const deployed of functions) await deployed.stop();
      for (const client of [s3, kinesis, dynamodb]) client.destroy();
      await Promise.all([aws.close(), sources.close()]);
      await rm(dir, { recursive: true });
    },
  };
}

const environmentOf = (aws: LocalAws, sources: Upstreams): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: aws.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_S3_BUCKET_RAW: BUCKET,
  AWS_KINESIS_STREAM_NAME: STREAM,
  API_SPOTIFY_BASE_URL: sources.spotifyUrl,
  API_SPOTIFY_ACCOUNTS_URL: sources.spotifyAccountsUrl,
  API_TICKETMASTER_BASE_URL: sources.ticketmasterUrl,
  API_SPOTIFY_CLIENT_ID: sources.credentials.spotifyClientId,
  API_SPOTIFY_CLIENT_SECRET: sources.credentials.spotifyClientSecret,
  API_TICKETMASTER_API_KEY: sources.credentials.ticketmasterApiKey,
  LOADIN_JOBS: 's3://settings-of-a-spec/jobs.yaml',
});

function truth({ catalogue }: Upstreams, at: string): Readonly<Record<DataType, string[]>> {
  const { queries, countries, horizonDays } = SELECTION;
  const day = (days: number): string => new Date(Date.parse(at) + days * DAY_MS).toISOString();
  const window = { countries, from: day(-1), to: day(horizonDays) };
  const venues = new Set([...catalogue.expected.venues({ countries }), ...catalogue.expected.embeddedVenues(window)]);
  const named = (source: string, ids: Iterable<string>): string[] => [...ids].map((id) => `${source}_${id}`).sort();
  return {
    artists: named('spotify', catalogue.expected.artists({ queries })),
    venues: named('ticketmaster', venues),
    events: named('ticketmaster', catalogue.expected.events(window)),
  };
}

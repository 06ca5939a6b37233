import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { BUCKET, connectStorage, type Storage } from '@loadin/specs';
import { startUpstreams, type Upstreams } from '@loadin/upstreams';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TruthVersion } from './evidence.js';
import { JOBS_FILE, sourcesOf, type Sources } from './jobs.js';
import type { Scenario } from './scenario.js';
import { CHECKPOINT_OBJECT } from './steps.js';

export const STREAM = 'stream-of-a-spec';
/** Where a function finds its jobs file; nothing else lies there. */
const SETTINGS = 'settings-of-a-storm';
/** The shortest there is: a storm has no time to wait. */
export const LEASE_MS = 1_000;

/** Not to be found in anything that leaves. */
const CREDENTIALS = {
  spotifyClientId: 'storm-id',
  spotifyClientSecret: 'canary/secret+of="spotify"&more',
  ticketmasterApiKey: 'canary+key/of=ticketmaster&more',
} as const;
const AWS_SECRET = 'canary+aws/secret=access&key';
export const SECRETS: readonly string[] = [CREDENTIALS.spotifyClientSecret, CREDENTIALS.ticketmasterApiKey, AWS_SECRET];

/** The servers of one storm, in this process, with everything created and nothing in it. */
export interface World {
  readonly dir: string;
  readonly aws: LocalAws;
  readonly upstreams: Upstreams;
  readonly sources: Sources;
  readonly storage: Storage;
  /** What the sources had, version after version. */
  readonly versions: TruthVersion[];
  /** Leads a process to these servers; they know its calls by the attempt's name. */
  envOf(attempt: string): Readonly<Record<string, string>>;
  /** The same for a function, which has no folder. */
  lambdaEnvOf(attempt: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A line about a client that was killed in the middle of its call is not worth reading, and a full disk is what was asked for. */
const log = (line: string): void => void (/aborted|no space left|ECONNRESET|EPIPE/.test(line) || process.stderr.write(`${line}\n`));

export async function startWorld({ oddities, shards, store, sourceStorm, seed }: Scenario): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'loadin storm '));
  const aws = await startLocalAws({
    dataDir: join(dir, 'aws'),
    log,
    kinesis: { limits: { readsPerShardSecond: 1_000, readBytesPerShardSecond: 2 ** 30 } },
  });
  let edit: Sources['edit'] = () => undefined;
  const upstreams = await startUpstreams({ credentials: CREDENTIALS, edit: (api, body) => edit(api, body) });
  // What the sources allow is the business of the connectors' storms: here copies of a run come on top of each other.
  upstreams.limits.ticketmaster.perSecond = 1_000;
  upstreams.limits.spotify.callsPerWindow = 10_000;
  const sources = sourcesOf(oddities, upstreams);
  edit = sources.edit;
  if (Object.keys(sourceStorm).length > 0) upstreams.faults.storm({ seed, rates: sourceStorm, retryAfterSeconds: 1 });
  const storage = connectStorage(aws.url);
  await storage.create({ shards });
  await storage.s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  await storage.s3.send(new CreateBucketCommand({ Bucket: SETTINGS }));
  await storage.s3.send(new PutObjectCommand({ Bucket: SETTINGS, Key: 'jobs.yaml', Body: JOBS_FILE }));
  await writeFile(join(dir, 'jobs.yaml'), JOBS_FILE);
  const envOf = (attempt: string): Record<string, string> => ({
    ...settings(aws, upstreams),
    AWS_ACCESS_KEY_ID: attempt,
    LOADIN_JOBS: 'jobs.yaml',
    ...(store === 's3' && { CHECKPOINT_STORE: `s3://${BUCKET}/${CHECKPOINT_OBJECT}` }),
  });
  return {
    ...{ dir, aws, upstreams, sources, storage },
    versions: [{ since: 0, ids: sources.ids(upstreams) }],
    envOf,
    lambdaEnvOf: (attempt) => ({ ...envOf(attempt), LOADIN_JOBS: `s3://${SETTINGS}/jobs.yaml` }),
    async close() {
      storage.close();
      await Promise.all([aws.close(), upstreams.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const settings = (aws: LocalAws, { credentials, ...urls }: Upstreams): Record<string, string> => ({
  AWS_ENDPOINT_URL: aws.url,
  AWS_REGION: 'us-east-1',
  AWS_SECRET_ACCESS_KEY: AWS_SECRET,
  AWS_S3_BUCKET_RAW: BUCKET,
  AWS_KINESIS_STREAM_NAME: STREAM,
  LOADIN_LEASE_SECONDS: String(LEASE_MS / 1_000),
  API_SPOTIFY_BASE_URL: urls.spotifyUrl,
  API_SPOTIFY_ACCOUNTS_URL: urls.spotifyAccountsUrl,
  API_TICKETMASTER_BASE_URL: urls.ticketmasterUrl,
  API_SPOTIFY_CLIENT_ID: credentials.spotifyClientId,
  API_SPOTIFY_CLIENT_SECRET: credentials.spotifyClientSecret,
  API_TICKETMASTER_API_KEY: credentials.ticketmasterApiKey,
  API_RETRY_BACKOFF: '0.1',
});

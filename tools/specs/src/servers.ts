import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { startUpstreams, type Upstreams, type UpstreamsOptions } from '@loadin/upstreams';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY_KEY, BUCKET, connectStorage, STREAM, type Storage, type StoragePart } from './storage.js';

export interface ServersOptions {
  /** Written to `jobs.yaml` in the folder, which LOADIN_JOBS then names. Default: neither. */
  readonly jobs?: string;
  /** What the sources do otherwise than by default. */
  readonly upstreams?: UpstreamsOptions;
  /** Access keys and their secrets; the first one is used. Default: every key is good. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** What is there already. Default: bucket, stream and table. */
  readonly made?: readonly StoragePart[];
  /** Of the stream. Default 2. */
  readonly shards?: number;
}

export interface Servers extends Pick<Storage, 's3' | 'kinesis' | 'lake'> {
  /** A folder with a space in its name, removed by `close`. */
  readonly dir: string;
  /** Every setting that leads a command to these servers. */
  readonly env: Readonly<Record<string, string>>;
  readonly aws: LocalAws;
  readonly sources: Upstreams;
  close(): Promise<void>;
}

/** A client that was killed has left its call: that is not worth a line. */
const log = (line: string): void => void (line.endsWith('aborted') || process.stderr.write(`${line}\n`));

/** Local AWS and the sources on ports that the system chooses, with everything created. */
export async function startServers(options: ServersOptions = {}): Promise<Servers> {
  const { jobs, upstreams, credentials, made, shards } = options;
  const dir = await mkdtemp(join(tmpdir(), 'loadin spec '));
  const aws = await startLocalAws({ dataDir: join(dir, 'aws'), log, ...(credentials && { credentials }) });
  const sources = await startUpstreams(upstreams);
  if (jobs !== undefined) await writeFile(join(dir, 'jobs.yaml'), jobs);
  const [[accessKeyId, secretAccessKey] = [ANY_KEY.accessKeyId, ANY_KEY.secretAccessKey]] = Object.entries(credentials ?? {});
  const { s3, kinesis, lake, create, close } = connectStorage(aws.url, { accessKeyId, secretAccessKey });
  await create({ parts: made, shards });
  return {
    dir,
    env: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_S3_BUCKET_RAW: BUCKET,
      AWS_KINESIS_STREAM_NAME: STREAM,
      LOADIN_LEASE_SECONDS: '2', // what a killed process held is soon free for the next
      ...settingsOf(sources),
      ...(jobs !== undefined && { LOADIN_JOBS: 'jobs.yaml' }),
    },
    aws,
    sources,
    s3,
    kinesis,
    lake,
    async close() {
      close();
      await Promise.all([aws.close(), sources.close()]);
      await rm(dir, { recursive: true });
    },
  };
}

const settingsOf = ({ credentials, ...urls }: Upstreams): Readonly<Record<string, string>> => ({
  API_SPOTIFY_BASE_URL: urls.spotifyUrl,
  API_SPOTIFY_ACCOUNTS_URL: urls.spotifyAccountsUrl,
  API_TICKETMASTER_BASE_URL: urls.ticketmasterUrl,
  API_SPOTIFY_CLIENT_ID: credentials.spotifyClientId,
  API_SPOTIFY_CLIENT_SECRET: credentials.spotifyClientSecret,
  API_TICKETMASTER_API_KEY: credentials.ticketmasterApiKey,
});

import * as rules from './rules.js';
import { Setting } from './setting.js';

/** The settings as texts, as they are in the environment. `Settings` is what they become once they are all right. */
export class RawSettings {
  @Setting({
    purpose: 'Spotify app',
    expected: 'the client id of a Spotify app, or the ARN of a secret (field client_id)',
    holds: rules.isSecret,
    secret: true,
  })
  API_SPOTIFY_CLIENT_ID?: string;

  @Setting({
    purpose: 'Spotify app',
    expected: 'the client secret of that app, or the ARN of a secret (field client_secret)',
    holds: rules.isSecret,
    secret: true,
  })
  API_SPOTIFY_CLIENT_SECRET?: string;

  @Setting({
    purpose: 'Ticketmaster app',
    expected: 'a Discovery API consumer key, or the ARN of a secret (field api_key)',
    holds: rules.isSecret,
    secret: true,
  })
  API_TICKETMASTER_API_KEY?: string;

  @Setting({
    purpose: 'where the data API of Spotify is',
    expected: 'an http(s) address without query or credentials',
    holds: rules.isBaseUrl,
    fallback: 'https://api.spotify.com',
  })
  API_SPOTIFY_BASE_URL?: string;

  @Setting({
    purpose: 'where Spotify issues tokens',
    expected: 'an http(s) address without query or credentials',
    holds: rules.isBaseUrl,
    fallback: 'https://accounts.spotify.com',
  })
  API_SPOTIFY_ACCOUNTS_URL?: string;

  @Setting({
    purpose: 'where the Discovery API of Ticketmaster is',
    expected: 'an http(s) address without query or credentials',
    holds: rules.isBaseUrl,
    fallback: 'https://app.ticketmaster.com',
  })
  API_TICKETMASTER_BASE_URL?: string;

  @Setting({
    purpose: "requests a minute to each source; lowers the source's own limit, never raises it",
    expected: 'a whole number, 1 or more',
    holds: rules.isWhole(1, 999_999_999),
  })
  API_RATE_LIMIT_REQUESTS?: string;

  @Setting({
    purpose: 'how often a failed request is tried again',
    expected: 'a whole number from 0 to 20',
    holds: rules.isWhole(0, 20),
    fallback: '3',
  })
  API_RETRY_ATTEMPTS?: string;

  @Setting({
    purpose: 'seconds before the first new try; they double with each',
    expected: 'a number of seconds from 0 to 300',
    holds: rules.isDecimal(0, 300),
    fallback: '1.0',
  })
  API_RETRY_BACKOFF?: string;

  @Setting({ purpose: 'region of buckets, stream and table', expected: 'an AWS region, such as us-east-1', holds: rules.isRegion })
  AWS_REGION?: string;

  @Setting({ purpose: 'sends every AWS call to another server', expected: 'an http(s) address without query or credentials', holds: rules.isBaseUrl })
  AWS_ENDPOINT_URL?: string;

  @Setting({ purpose: 'bucket of landing, raw, dead letters and state', expected: 'a bucket name, such as concert-data-raw', holds: rules.isBucket })
  AWS_S3_BUCKET_RAW?: string;

  @Setting({ purpose: 'bucket of processed data', expected: 'a bucket name, such as concert-data-processed', holds: rules.isBucket })
  AWS_S3_BUCKET_PROCESSED?: string;

  @Setting({
    purpose: 'the stream',
    expected: 'a Kinesis stream name of letters, digits, _ . -',
    holds: rules.isStreamName,
    fallback: 'concert-data-stream',
  })
  AWS_KINESIS_STREAM_NAME?: string;

  @Setting({
    purpose: 'shards of the stream when it is created',
    expected: 'a whole number from 1 to 10000',
    holds: rules.isWhole(1, 10_000),
    fallback: '1',
  })
  AWS_KINESIS_SHARD_COUNT?: string;

  @Setting({
    purpose: 'where progress is kept',
    expected: 'dynamodb://table or s3://bucket/key',
    holds: rules.isCheckpointStore,
    fallback: 'dynamodb://loadin-checkpoints',
  })
  CHECKPOINT_STORE?: string;

  @Setting({ purpose: 'the jobs file; without it the built-in one', expected: 'a path, or s3://bucket/key', holds: rules.isJobsFile })
  LOADIN_JOBS?: string;

  @Setting({ purpose: 'the job of a Lambda event that names none', expected: 'a job name of small letters, digits and _', holds: rules.isJobName })
  LOADIN_JOB?: string;

  @Setting({
    purpose: 'how long a lease lasts (of a shared call rate at most 6 s)',
    expected: 'a number of seconds from 0.1 to 900',
    holds: rules.isDecimal(0.1, 900),
    fallback: '30',
  })
  LOADIN_LEASE_SECONDS?: string;

  @Setting({
    purpose: 'emf: the metrics of a run are printed for CloudWatch, as functions always do',
    expected: 'emf or none',
    holds: rules.isOneOf('emf', 'none'),
    fallback: 'none',
  })
  LOADIN_METRICS?: string;

  @Setting({
    purpose: 'the least important log lines to write',
    expected: 'error, warn, info or debug',
    holds: rules.isOneOf('error', 'warn', 'warning', 'info', 'debug'),
    fallback: 'info',
  })
  LOG_LEVEL?: string;

  @Setting({ purpose: 'bucket of bronze data and of logs; logs go to the raw bucket without it', expected: 'a bucket name', holds: rules.isBucket })
  S3_BUCKET_NAME?: string;

  @Setting({
    purpose: 'bronze: connection of the database',
    expected: 'the ARN of a secret with host, port, database, username, password',
    holds: rules.isSecretArn,
  })
  RDS_SECRET_ARN?: string;

  @Setting({
    purpose: 'bronze: the same as a URL, for development, where RDS_SECRET_ARN is not set',
    expected: 'postgres://user:password@host:5432/database, with special characters percent-encoded',
    holds: rules.isDatabaseUrl,
    secret: true,
    onlyFor: 'postgres',
  })
  DATABASE_URL?: string;

  @Setting({
    purpose: "bronze: whether the database's certificate is checked; without it as the URL says, else checked",
    expected: 'verify, no-verify (TLS with whoever answers, e.g. through a tunnel) or off (no TLS)',
    holds: rules.isOneOf('verify', 'no-verify', 'off'),
    onlyFor: 'postgres',
  })
  DATABASE_TLS?: string;

  @Setting({
    purpose: "bronze: what the database's certificate is checked by; without it rds for hosts of Amazon RDS, else what Node trusts",
    expected: 'rds or the path of a PEM file',
    holds: rules.isPath,
    onlyFor: 'postgres',
  })
  DATABASE_CA?: string;

  @Setting({ purpose: 'bronze: the payments API', expected: 'an http(s) address without query or credentials', holds: rules.isBaseUrl })
  PAYMENTS_API_URL?: string;

  @Setting({ purpose: 'bronze: the shipments API', expected: 'an http(s) address without query or credentials', holds: rules.isBaseUrl })
  SHIPMENTS_API_URL?: string;

  @Setting({
    purpose: 'bronze: API key of both',
    expected: 'the ARN of a secret (field api_key)',
    holds: (text) => rules.secretArnParts(text) !== undefined,
  })
  API_KEY_SECRET_ARN?: string;

  @Setting({
    purpose: 'bronze: the same, where the secret is known by its name; of payments before the other one, of shipments after it',
    expected: 'the name of a secret (field api_key)',
    holds: rules.isSecretName,
  })
  PAYMENTS_API_SECRET_NAME?: string;

  @Setting({ purpose: 'bronze: read all, or what has changed', expected: 'FULL or INCREMENTAL', holds: rules.isOneOf('full', 'incremental') })
  LOAD_TYPE?: string;
}

export type SettingName = keyof RawSettings;

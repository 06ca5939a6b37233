import { secretOf } from '../secrets/secret.js';
import type { RawSettings } from './raw-settings.js';
import type { BronzeSettings, CheckpointStore, CommonSettings, JobsFileLocation, LogLevel, NeededSettings } from './types.js';

/** Settings with types, of texts that are known to be right. */
export function typedSettings(raw: RawSettings): Omit<CommonSettings, 'warnings' | 'printable'> & Partial<NeededSettings> {
  return {
    ...groups(raw),
    endpoints: {
      spotify: address(raw.API_SPOTIFY_BASE_URL),
      spotifyAccounts: address(raw.API_SPOTIFY_ACCOUNTS_URL),
      ticketmaster: address(raw.API_TICKETMASTER_BASE_URL),
      aws: raw.AWS_ENDPOINT_URL && address(raw.AWS_ENDPOINT_URL),
    },
    http: {
      requestsPerMinute: raw.API_RATE_LIMIT_REQUESTS === undefined ? undefined : Number(raw.API_RATE_LIMIT_REQUESTS),
      retryAttempts: Number(raw.API_RETRY_ATTEMPTS),
      retryBackoffSeconds: Number(raw.API_RETRY_BACKOFF),
    },
    stream: { name: raw.AWS_KINESIS_STREAM_NAME ?? '', shardCount: Number(raw.AWS_KINESIS_SHARD_COUNT) },
    state: checkpointStore(raw.CHECKPOINT_STORE ?? ''),
    jobsFile: raw.LOADIN_JOBS === undefined ? undefined : jobsFileLocation(raw.LOADIN_JOBS),
    job: raw.LOADIN_JOB,
    leaseSeconds: Number(raw.LOADIN_LEASE_SECONDS),
    logLevel: logLevel(raw.LOG_LEVEL ?? ''),
    logBucket: raw.S3_BUCKET_NAME ?? raw.AWS_S3_BUCKET_RAW,
    bronze: bronze(raw),
  };
}

function groups(raw: RawSettings): Partial<NeededSettings> {
  const { API_SPOTIFY_CLIENT_ID: id, API_SPOTIFY_CLIENT_SECRET: secret, API_TICKETMASTER_API_KEY: key } = raw;
  return {
    ...(id && secret ? { spotify: { clientId: secretOf(id, 'client_id'), clientSecret: secretOf(secret, 'client_secret') } } : {}),
    ...(key ? { ticketmaster: { apiKey: secretOf(key, 'api_key') } } : {}),
    ...(raw.AWS_S3_BUCKET_RAW ? { raw: { bucket: raw.AWS_S3_BUCKET_RAW } } : {}),
    ...(raw.AWS_S3_BUCKET_PROCESSED ? { processed: { bucket: raw.AWS_S3_BUCKET_PROCESSED } } : {}),
    ...(raw.AWS_REGION ? { aws: { region: raw.AWS_REGION } } : {}),
  };
}

function bronze(raw: RawSettings): BronzeSettings {
  return {
    bucket: raw.S3_BUCKET_NAME,
    rdsSecretArn: raw.RDS_SECRET_ARN,
    paymentsUrl: raw.PAYMENTS_API_URL && address(raw.PAYMENTS_API_URL),
    shipmentsUrl: raw.SHIPMENTS_API_URL && address(raw.SHIPMENTS_API_URL),
    apiKey: raw.API_KEY_SECRET_ARN === undefined ? undefined : secretOf(raw.API_KEY_SECRET_ARN, 'api_key'),
    paymentsSecretName: raw.PAYMENTS_API_SECRET_NAME,
    loadType: raw.LOAD_TYPE?.toLowerCase() as 'full' | 'incremental' | undefined,
  };
}

/** Without the slash at the end, so that paths can be added. */
const address = (text: string | undefined): string => (text ?? '').replace(/\/+$/, '');

function checkpointStore(text: string): CheckpointStore {
  return text.startsWith('dynamodb://') ? { kind: 'dynamodb', table: text.slice('dynamodb://'.length) } : { kind: 's3', ...objectAddress(text) };
}

function jobsFileLocation(text: string): JobsFileLocation {
  return text.startsWith('s3:') ? { kind: 's3', ...objectAddress(text) } : { kind: 'file', path: text };
}

function objectAddress(text: string): { bucket: string; key: string } {
  const path = text.slice('s3://'.length);
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

// `WARNING` is how Python, and so many an existing .env, spells it.
function logLevel(text: string): LogLevel {
  const level = text.toLowerCase();
  return level === 'warning' ? 'warn' : (level as LogLevel);
}

import { secretNamed, secretOf, wholeSecret, type Secret } from '../secrets/secret.js';
import type { RawSettings } from './raw-settings.js';
import type { ApiSettings, CheckpointStore, CommonSettings, DatabaseSettings, JobsFileLocation, LogLevel, NeededSettings } from './types.js';

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
    metrics: raw.LOADIN_METRICS?.toLowerCase() === 'emf',
    logLevel: logLevel(raw.LOG_LEVEL ?? ''),
    logBucket: raw.S3_BUCKET_NAME ?? raw.AWS_S3_BUCKET_RAW,
    loadType: raw.LOAD_TYPE?.toLowerCase() as CommonSettings['loadType'],
  };
}

function groups(raw: RawSettings): Partial<NeededSettings> {
  const { API_SPOTIFY_CLIENT_ID: id, API_SPOTIFY_CLIENT_SECRET: secret, API_TICKETMASTER_API_KEY: key } = raw;
  return {
    ...(id && secret ? { spotify: { clientId: secretOf(id, 'client_id'), clientSecret: secretOf(secret, 'client_secret') } } : {}),
    ...(key ? { ticketmaster: { apiKey: secretOf(key, 'api_key') } } : {}),
    ...(raw.AWS_S3_BUCKET_RAW ? { raw: { bucket: raw.AWS_S3_BUCKET_RAW } } : {}),
    ...(raw.AWS_S3_BUCKET_PROCESSED ? { processed: { bucket: raw.AWS_S3_BUCKET_PROCESSED } } : {}),
    ...(raw.S3_BUCKET_NAME ? { bronze: { bucket: raw.S3_BUCKET_NAME } } : {}),
    ...database(raw),
    ...apis(raw),
    ...(raw.AWS_REGION ? { aws: { region: raw.AWS_REGION } } : {}),
  };
}

function database({ RDS_SECRET_ARN: arn, DATABASE_URL: url, DATABASE_TLS: tls, DATABASE_CA: ca }: RawSettings): { postgres?: DatabaseSettings } {
  const connection = arn === undefined ? url && secretOf(url, '') : wholeSecret(arn);
  return connection ? { postgres: { connection, tls: tls?.toLowerCase() as DatabaseSettings['tls'], ca } } : {};
}

/** One key serves both APIs, wherever it is named; payments has a setting of its own for it. */
function apis(raw: RawSettings): { payments?: ApiSettings; shipments?: ApiSettings } {
  const { API_KEY_SECRET_ARN: arn, PAYMENTS_API_SECRET_NAME: name, PAYMENTS_API_URL: payments, SHIPMENTS_API_URL: shipments } = raw;
  const shared = arn === undefined ? undefined : secretOf(arn, 'api_key');
  const named = name === undefined ? undefined : secretNamed(name, 'api_key');
  const api = (url: string | undefined, apiKey: Secret | undefined): ApiSettings | undefined =>
    url === undefined || apiKey === undefined ? undefined : { url: address(url), apiKey };
  const found = { payments: api(payments, named ?? shared), shipments: api(shipments, shared ?? named) };
  return { ...(found.payments && { payments: found.payments }), ...(found.shipments && { shipments: found.shipments }) };
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

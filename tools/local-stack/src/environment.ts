import type { Credentials } from '@loadin/upstreams';

/** Every local command uses these names; they are the defaults of the documentation. */
export const localNames = {
  bucketRaw: 'concert-data-raw',
  bucketProcessed: 'concert-data-processed',
  stream: 'concert-data-stream',
} as const;

export interface StackUrls {
  readonly aws: string;
  readonly spotify: string;
  readonly spotifyAccounts: string;
  readonly ticketmaster: string;
}

/** The settings that lead any command to the local stack. The keys are dummies: the local servers take every key. */
export function stackEnvironment(urls: StackUrls, credentials: Credentials, jobsFile: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: urls.aws,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_S3_BUCKET_RAW: localNames.bucketRaw,
    AWS_S3_BUCKET_PROCESSED: localNames.bucketProcessed,
    AWS_KINESIS_STREAM_NAME: localNames.stream,
    AWS_KINESIS_SHARD_COUNT: '2',
    API_SPOTIFY_BASE_URL: urls.spotify,
    API_SPOTIFY_ACCOUNTS_URL: urls.spotifyAccounts,
    API_TICKETMASTER_BASE_URL: urls.ticketmaster,
    API_SPOTIFY_CLIENT_ID: credentials.spotifyClientId,
    API_SPOTIFY_CLIENT_SECRET: credentials.spotifyClientSecret,
    API_TICKETMASTER_API_KEY: credentials.ticketmasterApiKey,
    LOADIN_JOBS: jobsFile,
    CHECKPOINT_STORE: 'dynamodb://loadin-checkpoints',
    // Set to nothing, which takes back what a .env says: the local stack has one endpoint, one bucket and dummy keys.
    ...Object.fromEntries(takenBack.map((name) => [name, ''])),
  };
}

const takenBack = [
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  ...['S3', 'KINESIS', 'DYNAMODB', 'SECRETS_MANAGER'].map((service) => `AWS_ENDPOINT_URL_${service}`),
  'S3_BUCKET_NAME',
  'API_RATE_LIMIT_REQUESTS',
  'LOADIN_JOB',
];

/** Lines for `eval` in a POSIX shell. */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

const quote = (value: string): string => (/^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);

/** What a child may see of this process's environment: never AWS or API settings that merely lie around. */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const foreign = /^(AWS_|API_|LOADIN_|S3_|RDS_|PAYMENTS_|SHIPMENTS_|CHECKPOINT_STORE$|LOAD_TYPE$|NODE_OPTIONS$)/;
  const kept = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]));
  return { ...Object.fromEntries(kept), ...settings };
}

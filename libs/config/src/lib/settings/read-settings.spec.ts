import { inspect } from 'node:util';
import { join } from 'node:path';
import { actionOf, LoadinError } from '@loadin/resilience';
import { ConfigurationError } from '../configuration-error.js';
import { COMPLETE, environmentOf, folderWith } from '../environment.fixture.js';
import { loadEnvironment } from '../environment.js';
import { printableSettings, settingsTable } from './printable-settings.js';
import { readSettings } from './read-settings.js';
import { needed } from './requirements.js';
import { NEEDS, type Need } from './types.js';

function errorOf(run: () => unknown): ConfigurationError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('no error');
}
const problemsOf = (env: Record<string, string>, needs: Need[] = []) => errorOf(() => readSettings(environmentOf(env), needs)).problems;

describe('readSettings', () => {
  it('gives types and documented defaults', () => {
    const settings = readSettings(environmentOf(COMPLETE), ['spotify', 'ticketmaster', 'raw', 'processed', 'stream', 'state']);
    expect(settings).toMatchObject({
      aws: { region: 'eu-west-1' },
      raw: { bucket: 'concert-data-raw' },
      processed: { bucket: 'concert-data-processed' },
      endpoints: {
        spotify: 'https://api.spotify.com',
        spotifyAccounts: 'https://accounts.spotify.com',
        ticketmaster: 'https://app.ticketmaster.com',
        aws: undefined,
      },
      http: { requestsPerMinute: undefined, retryAttempts: 3, retryBackoffSeconds: 1 },
      stream: { name: 'concert-data-stream', shardCount: 1 },
      state: { kind: 'dynamodb', table: 'loadin-checkpoints' },
      jobsFile: undefined,
      job: undefined,
      leaseSeconds: 30,
      logLevel: 'info',
      logBucket: 'concert-data-raw',
      warnings: [],
    });
    expect(settings.spotify.clientId.kind === 'plain' && settings.spotify.clientId.reveal()).toBe('canary-client-id');
  });

  it('reads everything that can be set', () => {
    const settings = readSettings(
      environmentOf({
        ...COMPLETE,
        API_SPOTIFY_BASE_URL: 'http://127.0.0.1:4100/',
        API_SPOTIFY_ACCOUNTS_URL: 'http://localhost:4100',
        API_TICKETMASTER_BASE_URL: 'http://[::1]:4101//',
        API_RATE_LIMIT_REQUESTS: '100',
        API_RETRY_ATTEMPTS: '0',
        API_RETRY_BACKOFF: '0.25',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
        AWS_KINESIS_STREAM_NAME: 'other',
        AWS_KINESIS_SHARD_COUNT: '2',
        CHECKPOINT_STORE: 's3://concert-data-raw/logs/pipeline/ingestion/checkpoints.json',
        LOADIN_JOBS: 's3://concert-data-raw/_loadin/jobs.yaml',
        LOADIN_JOB: 'daily',
        LOADIN_LEASE_SECONDS: '1',
        LOG_LEVEL: 'WARNING',
        S3_BUCKET_NAME: 'ecom-data',
        RDS_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds-AbCdEf',
        DATABASE_TLS: 'No-Verify',
        DATABASE_CA: 'certs/rds.pem',
        PAYMENTS_API_URL: 'https://payments.example/prod/',
        SHIPMENTS_API_URL: 'https://shipments.example',
        API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf#payments_key',
        PAYMENTS_API_SECRET_NAME: 'ecom-payments-api-key',
        LOAD_TYPE: 'Incremental',
      }),
      [],
    );
    expect(settings).toMatchObject({
      endpoints: {
        spotify: 'http://127.0.0.1:4100',
        spotifyAccounts: 'http://localhost:4100',
        ticketmaster: 'http://[::1]:4101',
        aws: 'http://127.0.0.1:4566',
      },
      http: { requestsPerMinute: 100, retryAttempts: 0, retryBackoffSeconds: 0.25 },
      stream: { name: 'other', shardCount: 2 },
      state: { kind: 's3', bucket: 'concert-data-raw', key: 'logs/pipeline/ingestion/checkpoints.json' },
      jobsFile: { kind: 's3', bucket: 'concert-data-raw', key: '_loadin/jobs.yaml' },
      job: 'daily',
      leaseSeconds: 1,
      logLevel: 'warn',
      logBucket: 'ecom-data',
      loadType: 'incremental',
      bronze: { bucket: 'ecom-data' },
      postgres: {
        connection: { kind: 'arn', arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds-AbCdEf', field: undefined },
        tls: 'no-verify',
        ca: 'certs/rds.pem',
      },
      // One secret: what names it for payments alone comes first there, and last for shipments.
      payments: { url: 'https://payments.example/prod', apiKey: { kind: 'arn', arn: 'ecom-payments-api-key', field: 'api_key' } },
      shipments: {
        url: 'https://shipments.example',
        apiKey: { kind: 'arn', arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf', field: 'payments_key', fieldNamed: true },
      },
    });
    expect(readSettings(environmentOf({ LOADIN_JOBS: './my jobs.yaml' }), []).jobsFile).toEqual({ kind: 'file', path: './my jobs.yaml' });
  });

  it('requires only what a need asks for', () => {
    const settings = readSettings(environmentOf({ API_TICKETMASTER_API_KEY: 'k' }), ['ticketmaster']);
    expect([settings.spotify, settings.raw, settings.aws]).toEqual([undefined, undefined, undefined]);
    expect(() => readSettings(environmentOf({}), [])).not.toThrow();
  });

  it('lists every missing setting at once, where it was looked for and what would be right', () => {
    const cwd = folderWith();
    const error = errorOf(() => readSettings(loadEnvironment({ cwd, env: {} }), NEEDS));
    expect(error.problems.map(({ name, problem }) => `${name} ${problem}`)).toEqual([
      'API_SPOTIFY_CLIENT_ID is missing (needed for spotify)',
      'API_SPOTIFY_CLIENT_SECRET is missing (needed for spotify)',
      'API_TICKETMASTER_API_KEY is missing (needed for ticketmaster)',
      'AWS_REGION is missing (needed for raw, processed, stream, state, aws, bronze)',
      'AWS_S3_BUCKET_RAW is missing (needed for raw)',
      'AWS_S3_BUCKET_PROCESSED is missing (needed for processed)',
      'S3_BUCKET_NAME is missing (needed for bronze)',
      'RDS_SECRET_ARN is missing (needed for postgres), and so is DATABASE_URL, which would do',
      'PAYMENTS_API_URL is missing (needed for payments)',
      'SHIPMENTS_API_URL is missing (needed for shipments)',
      'API_KEY_SECRET_ARN is missing (needed for payments, shipments), and so is PAYMENTS_API_SECRET_NAME, which would do',
    ]);
    expect(error.problems[0]).toMatchObject({
      lookedIn: ['the environment', `${join(cwd, '.env')} (not there)`],
      expected: 'the client id of a Spotify app, or the ARN of a secret (field client_id)',
    });
    expect(error).toBeInstanceOf(LoadinError);
    expect(actionOf(error)).toBe('fatal');
    expect(error.message).toMatch(/^11 settings are missing or wrong: API_SPOTIFY_CLIENT_ID is missing/);
    expect(error.message).not.toContain('\n');
    expect(error.report.split('\n')).toHaveLength(34);
    expect(error.report).toContain('  AWS_S3_BUCKET_RAW is missing (needed for raw)\n      looked in: the environment, ');
  });

  it('names the missing and the wrong together, and where a wrong one is from', () => {
    const cwd = folderWith('LOG_LEVEL=loud\n');
    const error = errorOf(() => readSettings(loadEnvironment({ cwd, env: { AWS_REGION: 'Ireland' } }), ['ticketmaster', 'raw']));
    expect(error.problems).toEqual([
      expect.objectContaining({ name: 'API_TICKETMASTER_API_KEY' }),
      { name: 'AWS_REGION', problem: 'is "Ireland"', lookedIn: ['the environment'], expected: 'an AWS region, such as us-east-1' },
      expect.objectContaining({ name: 'AWS_S3_BUCKET_RAW' }),
      { name: 'LOG_LEVEL', problem: 'is "loud"', lookedIn: [join(cwd, '.env')], expected: 'error, warn, info or debug' },
    ]);
  });

  it.each([
    [
      'API_SPOTIFY_BASE_URL',
      ['api.spotify.com', 'ftp://x', 'https://x/?a=1', 'https://x/#a', 'https://u@x', 'http://'],
      ['http://x', 'https://x:1/a'],
    ],
    ['API_RATE_LIMIT_REQUESTS', ['0', '-1', '1.5', 'many', '1e3', '0x10'], ['1', '100']],
    ['API_RETRY_ATTEMPTS', ['-1', '21', '1.0', 'three'], ['0', '20']],
    ['API_RETRY_BACKOFF', ['-1', '301', '1,5', '.5', 'NaN'], ['0', '1', '1.0', '0.05', '300']],
    ['AWS_REGION', ['us-east', 'useast1', 'US-EAST-1', 'eu west 1'], ['us-east-1', 'us-gov-west-1', 'cn-north-1', 'ap-southeast-2']],
    ['AWS_S3_BUCKET_RAW', ['ab', 'Raw', 'a_b', '-abc', 'a..b', '192.168.0.1', 's3://x', 'x'.repeat(64)], ['abc', 'a.b-c', 'x'.repeat(63)]],
    ['AWS_KINESIS_STREAM_NAME', ['a b', 'x'.repeat(129), 'é'], ['a', 'A_b.c-1']],
    ['AWS_KINESIS_SHARD_COUNT', ['0', '10001', 'one'], ['1', '10000']],
    [
      'CHECKPOINT_STORE',
      ['loadin', 'dynamodb://', 'dynamodb://ab', 'dynamodb://a/b', 's3://bucket', 's3://bucket/', 's3://B/k', 'redis://x'],
      ['dynamodb://abc', 's3://bucket/a/b.json'],
    ],
    ['LOADIN_JOBS', ['s3://', 's3://bucket', 's3:/bucket/key'], ['jobs.yaml', '/a/b c.yaml', 's3://bucket/key']],
    ['LOADIN_JOB', ['Daily', 'a-b', '1a'], ['daily', 'artist_refresh']],
    ['LOADIN_LEASE_SECONDS', ['0', '901', '30s'], ['0.1', '1', '900']],
    ['LOADIN_METRICS', ['yes', 'json'], ['emf', 'EMF', 'none']],
    ['LOG_LEVEL', ['loud', '3'], ['debug', 'ERROR', 'Warn']],
    [
      'RDS_SECRET_ARN',
      ['rds', 'arn:aws:s3:::x', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x#f'],
      ['arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-AbCdEf'],
    ],
    [
      'API_KEY_SECRET_ARN',
      ['keys'],
      ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:x', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x#f'],
    ],
    ['PAYMENTS_API_SECRET_NAME', ['a b'], ['ecom-payments-api-key']],
    ['LOAD_TYPE', ['all'], ['FULL', 'INCREMENTAL', 'full']],
  ])('validates %s', (name, wrong, right) => {
    for (const value of wrong) expect([value, problemsOf({ [name]: value }).map((problem) => problem.name)]).toEqual([value, [name]]);
    for (const value of right) expect(() => readSettings(environmentOf({ [name]: value }), [])).not.toThrow();
  });

  it.each([
    [
      'DATABASE_URL',
      ['mysql://u:canary@host/shop', 'localhost', 'postgres://'],
      ['postgres://u:p@host/shop', 'postgresql://u:p@[::1]:5433/shop?sslmode=disable'],
    ],
    ['DATABASE_TLS', ['require', 'false'], ['verify', 'OFF']],
  ])('looks at %s, a name that others use too, only when a database is needed, and never shows its value', (name, wrong, right) => {
    const arn = { RDS_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds-AbCdEf' };
    for (const value of wrong) {
      expect(() => readSettings(environmentOf({ [name]: value }), [])).not.toThrow();
      const error = errorOf(() => readSettings(environmentOf({ ...arn, [name]: value }), ['postgres']));
      expect([value, error.problems.map((problem) => problem.name)]).toEqual([value, [name]]);
      expect(error.report).not.toContain('canary');
    }
    for (const value of right) expect(() => readSettings(environmentOf({ ...arn, [name]: value }), ['postgres'])).not.toThrow();
  });

  it('takes a database by its URL where no secret is named, and never shows it', () => {
    const settings = readSettings(environmentOf({ DATABASE_URL: 'postgres://shop:canary@127.0.0.1/shop' }), ['postgres']);
    const { connection, ...rest } = settings.postgres;
    expect(connection.kind === 'plain' && connection.reveal()).toBe('postgres://shop:canary@127.0.0.1/shop');
    expect(rest).toEqual({ tls: undefined, ca: undefined });
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings) + settingsTable(settings)).not.toContain('canary');
  });

  it('takes the one key of both APIs by whichever setting names it', () => {
    const urls = { PAYMENTS_API_URL: 'https://p.example/prod/payments', SHIPMENTS_API_URL: 'https://s.example/prod/shipments' };
    const keysOf = (env: Record<string, string>) => {
      const { payments, shipments } = readSettings(environmentOf({ ...urls, ...env }), ['payments', 'shipments']);
      return [payments, shipments].map(({ apiKey }) => apiKey.kind === 'arn' && apiKey.arn);
    };
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf';
    expect(keysOf({ API_KEY_SECRET_ARN: arn })).toEqual([arn, arn]);
    expect(keysOf({ PAYMENTS_API_SECRET_NAME: 'ecom-payments-api-key' })).toEqual(['ecom-payments-api-key', 'ecom-payments-api-key']);
    expect(keysOf({ API_KEY_SECRET_ARN: arn, PAYMENTS_API_SECRET_NAME: 'ecom-payments-api-key' })).toEqual(['ecom-payments-api-key', arn]);
  });

  it('never shows a secret, right or wrong, nor what is hidden in a wrong address', () => {
    const wrong = errorOf(() =>
      readSettings(
        environmentOf({
          API_SPOTIFY_CLIENT_SECRET: 'canary secret with spaces',
          API_TICKETMASTER_API_KEY: 'arn:aws:canary',
          API_TICKETMASTER_BASE_URL: 'https://u:canary@x/?apikey=canary',
          AWS_ENDPOINT_URL: 'https://x/#canary',
        }),
        [],
      ),
    );
    expect(wrong.problems).toHaveLength(4);
    expect(inspect(wrong, { depth: 9 }) + wrong.report + JSON.stringify(wrong)).not.toContain('canary');

    const settings = readSettings(environmentOf(COMPLETE), ['spotify', 'ticketmaster']);
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings) + settingsTable(settings)).not.toContain('canary');
  });

  it('warns of names that look like mistyped settings, and of no others', () => {
    const env = {
      API_SPOTIFY_CLIENTID: 'x',
      API_SPOTIFY_SECRET: 'x',
      AWS_S3_BUKCET_RAW: 'x',
      AWS_KINESIS_STREAM: 'x',
      LOADIN_JOBS_FILE: 'x',
      LOADIN_RECORDINGS: 'x',
      API_KEY: 'x',
      AWS_S3_US_EAST_1_REGIONAL_ENDPOINT: 'x',
      LOG_LEVLE: 'x',
      RDS_SECRET_ANR: 'x',
      RDS_HOSTNAME: 'x',
      PAYMENTS_URL: 'x',
      S3_BUCKET_NAMES: 'x',
    };
    expect(readSettings(environmentOf(env), []).warnings).toEqual([
      'API_SPOTIFY_CLIENTID is no setting and is ignored: did you mean API_SPOTIFY_CLIENT_ID?',
      'API_SPOTIFY_SECRET is no setting and is ignored: did you mean API_SPOTIFY_CLIENT_SECRET?',
      'AWS_KINESIS_STREAM is no setting and is ignored: did you mean AWS_KINESIS_STREAM_NAME?',
      'AWS_S3_BUKCET_RAW is no setting and is ignored: did you mean AWS_S3_BUCKET_RAW?',
      'RDS_SECRET_ANR is no setting and is ignored: did you mean RDS_SECRET_ARN?',
      'S3_BUCKET_NAMES is no setting and is ignored: did you mean S3_BUCKET_NAME?',
    ]);
  });
});

describe('needed', () => {
  it('gives a group that is set, and names what is missing of one that is not', () => {
    const needs: Need[] = [];
    const settings = readSettings(environmentOf({ API_SPOTIFY_CLIENT_ID: 'x', AWS_REGION: 'us-east-1' }), needs);
    expect(needed(settings, 'aws')).toEqual({ region: 'us-east-1' });
    expect(errorOf(() => needed(settings, 'spotify')).problems.map(({ name }) => name)).toEqual(['API_SPOTIFY_CLIENT_SECRET']);
  });
});

describe('printableSettings', () => {
  it('shows every setting with its origin, secrets masked, ARNs as they are', () => {
    const cwd = folderWith('AWS_REGION=eu-west-1\nAPI_TICKETMASTER_API_KEY=arn:aws:secretsmanager:eu-west-1:123456789012:secret:tm-AbCdEf\n');
    const settings = readSettings(loadEnvironment({ cwd, env: { API_SPOTIFY_CLIENT_SECRET: 'canary' } }), []);
    const of = Object.fromEntries(printableSettings(settings).map(({ name, value, origin }) => [name, [value, origin]]));
    expect(of).toMatchObject({
      API_SPOTIFY_CLIENT_SECRET: ['****', 'the environment'],
      API_SPOTIFY_CLIENT_ID: ['', 'not set'],
      API_TICKETMASTER_API_KEY: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:tm-AbCdEf', join(cwd, '.env')],
      AWS_REGION: ['eu-west-1', join(cwd, '.env')],
      AWS_KINESIS_STREAM_NAME: ['concert-data-stream', 'default'],
    });
    expect(settingsTable(settings)).toMatch(/^API_SPOTIFY_CLIENT_SECRET {2}\*{4} +the environment$/m);
  });
});

import { DEFAULT_JOBS_FILE, loadEnvironment, parseJobsFile, readSettings } from '@loadin/config';
import { parseEnvironments } from './environments/parse-environments.js';
import { jobsByPlace, sourcesOf } from './jobs.js';
import { resourceNames } from './names.js';
import { runSettings, traceSettings } from './run-settings.js';

const BRONZE = `
version: 1
streams: { postgres.orders: { table: public.orders, key: [id], cursor: updated_at } }
jobs: { bronze: { streams: [postgres.orders, payments.payments], sinks: [s3_bronze] } }`;

function environmentWith(settings: string) {
  const found = parseEnvironments(`{ version: 1, environments: { dev: { account: '123456789012', region: eu-west-1 ${settings} } } }`, 'file').get(
    'dev',
  );
  if (found === undefined) throw new Error('no environment');
  return found;
}

function settingsOf(jobsFile: string, settings = '') {
  const environment = environmentWith(settings);
  const names = resourceNames({ ...environment, environment: 'dev' });
  const jobs = [...parseJobsFile(jobsFile, 'jobs').jobs.values()];
  return { given: runSettings({ environment, names, jobs, jobsFile: 's3://artifacts/jobs.yaml' }), names };
}
/** As the apps read them. */
const read = (env: Record<string, string>) => loadEnvironment({ cwd: import.meta.dirname, env: { AWS_REGION: 'eu-west-1', ...env } });

it('is all that jobs of records ask for, with credentials by name alone', () => {
  const { given, names } = settingsOf(DEFAULT_JOBS_FILE);
  const settings = readSettings(read(given), ['raw', 'stream', 'state', 'spotify', 'ticketmaster']);
  expect(settings).toMatchObject({ raw: { bucket: names.rawBucket }, stream: { name: names.stream }, logBucket: names.bronzeBucket, warnings: [] });
  expect(given['API_TICKETMASTER_API_KEY']).toBe('arn:aws:secretsmanager:eu-west-1:123456789012:secret:loadin/ticketmaster');
  expect(Object.keys(given).filter((name) => /RDS|PAYMENTS|KEY_SECRET/.test(name))).toEqual([]);
});

it('sends traces to X-Ray of the region where the environment has them', () => {
  expect(traceSettings(environmentWith(''), 'a-function')).toEqual({});
  expect(traceSettings(environmentWith(', tracing: true'), 'a-function')).toEqual({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://xray.eu-west-1.amazonaws.com/v1/traces',
    OTEL_PROPAGATORS: 'xray',
    OTEL_SERVICE_NAME: 'a-function',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=dev',
  });
});

it('is all that jobs of entities ask for, and nothing of the raw bucket', () => {
  const { given } = settingsOf(BRONZE, ', bronze: { payments_api_url: https://pay.example.org/v1 }');
  const settings = readSettings(read(given), ['bronze', 'state', 'postgres', 'payments']);
  expect(settings).toMatchObject({ job: 'bronze', jobsFile: { kind: 's3', bucket: 'artifacts' }, payments: { url: 'https://pay.example.org/v1' } });
  expect(given).not.toHaveProperty('AWS_S3_BUCKET_RAW');
  expect(given).not.toHaveProperty('AWS_KINESIS_STREAM_NAME');
});

it('says which address is missing, and where', () => {
  expect(() => settingsOf(BRONZE)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('read payments'),
      where: 'environments.dev.bronze',
      hint: 'Set payments_api_url there.',
    }),
  );
});

it('tells jobs apart by what runs them', () => {
  const places = jobsByPlace(parseJobsFile(DEFAULT_JOBS_FILE, 'jobs'), ['daily']);
  expect([places.records, places.entities, places.tasks].map((jobs) => jobs.map(({ name }) => name))).toEqual([
    ['hourly', 'artist_refresh', 'venue_refresh'],
    [],
    ['daily'],
  ]);
  expect([...sourcesOf(places.records)]).toEqual(['ticketmaster', 'spotify']);
});

import { BASE_DATE, startWorld, type World } from './world.fixture.js';
import { planJob } from './plan/plan-job.js';

/** What was loaded, in its order. Names beginning with `mock` may stand in the factories below, which Jest calls when a module is loaded for the first time. */
const mockLoaded: string[] = [];
jest.mock('pg', () => (mockLoaded.push('pg'), jest.requireActual<object>('pg')));
jest.mock('@loadin/postgres-source', () => (mockLoaded.push('postgres-source'), jest.requireActual<object>('@loadin/postgres-source')));
jest.mock('@loadin/bronze-writer', () => (mockLoaded.push('bronze-writer'), jest.requireActual<object>('@loadin/bronze-writer')));
jest.mock('@loadin/quality', () => (mockLoaded.push('quality'), jest.requireActual<object>('@loadin/quality')));
jest.mock('@loadin/api-clients/payments', () => (mockLoaded.push('payments'), jest.requireActual<object>('@loadin/api-clients/payments')));
jest.mock('./bronze/create-loader.js', () => (mockLoaded.push('loader'), jest.requireActual<object>('./bronze/create-loader.js')));
jest.mock('./entities/open-entities.js', () => (mockLoaded.push('entities'), jest.requireActual<object>('./entities/open-entities.js')));

const JOBS = `
version: 1
streams:
  ticketmaster.venues: { countries: [SE] }
  postgres.orders: { table: orders, key: [id], cursor: updated_at }
  payments.payments: { contract: evolve }
jobs:
  venues: { streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] }
  tables: { streams: [postgres.orders], sinks: [s3_bronze] }
  lists: { streams: [payments.payments], sinks: [s3_bronze] }
`;

describe('what a job does not use', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());
  const loadedBy = async (work: () => Promise<unknown>): Promise<string[]> => {
    mockLoaded.length = 0;
    await work();
    return [...new Set(mockLoaded)];
  };
  const bronze = { S3_BUCKET_NAME: 'raw-of-a-spec', DATABASE_URL: 'postgres://u:p@127.0.0.1:1/shop' };
  const run = (job: string) => world.run(job, { environment: world.environment(bronze) });

  it('is not loaded: nothing of bronze by jobs of records, though its settings are there', async () => {
    expect(await loadedBy(() => run('venues'))).toEqual([]);
    expect(await loadedBy(() => planJob({ job: 'venues', environment: world.environment(bronze), at: `${BASE_DATE}T02:00:00Z` }))).toEqual([]);
  });

  it('is not loaded: no driver of databases by jobs that read none', async () => {
    const api = {
      PAYMENTS_API_URL: world.sources.paymentsUrl,
      API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:none-AbCdEf',
    };
    const environment = world.environment({ ...bronze, ...api });
    const loaded = await loadedBy(() => world.run('lists', { environment }).catch(() => undefined));
    expect(loaded).not.toContain('pg');
    expect(loaded).not.toContain('postgres-source');
    expect(await loadedBy(() => planJob({ job: 'lists', environment, at: `${BASE_DATE}T02:00:00Z` }))).toContain('payments');
  });

  it('is loaded by those that do', async () => {
    expect(await loadedBy(() => run('tables').catch(() => undefined))).toEqual(expect.arrayContaining(['postgres-source', 'pg']));
  });
});

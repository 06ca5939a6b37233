import type { RunReport, StreamReport } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { errorOf, openEntities } from './bronze-entities.fixture.js';
import { NEXT, type Shop } from './bronze-world.fixture.js';
import { listState } from './list-state.js';

jest.setTimeout(60_000);

const streamOf = ({ streams }: RunReport, name: string): StreamReport => {
  const found = streams.find(({ stream }) => stream === name);
  if (found === undefined) throw new Error(`${name} is not in the report`);
  return found;
};
/** `status read deduplicated delivered` of each entity. */
const outcome = ({ streams }: RunReport): Record<string, string> =>
  Object.fromEntries(
    streams.map(({ data_type, status, ledger: { read, deduplicated, sinks } }) => [
      data_type,
      `${status} ${read} ${deduplicated} ${sinks['s3_bronze']?.delivered ?? '-'}`,
    ]),
  );
describe('a bronze job', () => {
  const opened = openEntities();
  let shop: Shop;
  beforeEach(() => void (shop = opened.shop));

  const idsOf = (api: 'payments' | 'shipments', at: string): string[] =>
    shop.sources.commerce[api].at(Date.parse(at)).map((row) => String((row as unknown as Record<string, unknown>)[`${api.slice(0, -1)}_id`]));

  it('loads every entity whole, then what has changed, and tells of each', async () => {
    const first = await shop.run();
    const payments = idsOf('payments', '2026-03-01T01:59:00Z').length;
    const shipments = idsOf('shipments', '2026-03-01T01:59:00Z').length;
    expect(first).toMatchObject({ status: 'complete', problems: [] });
    expect(outcome(first)).toEqual({
      customers: 'complete 50 0 50',
      orders: 'complete 300 0 300',
      log: 'complete 2 0 2',
      payments: `complete ${payments} 0 ${payments}`,
      shipments: `complete ${shipments} 0 ${shipments}`,
    });
    expect(streamOf(first, 'postgres.orders')).toMatchObject({ loader: 's3_bronze', checkpoint: { last_sync_timestamp: '2026-02-28T00:05:00Z' } });

    await shop.sql.query(`UPDATE customers SET name = 'another', updated_at = '2026-03-01 12:00Z' WHERE id IN (7, 50);
      INSERT INTO orders VALUES (300, 2, 0.1, NULL, '2026-03-01 13:00Z')`);
    const second = await shop.run({}, NEXT);
    expect(second).toMatchObject({ status: 'complete', problems: [] });
    expect(outcome(second)).toMatchObject({ customers: 'complete 50 48 2', orders: 'complete 301 300 1', log: 'complete 2 0 2' });
    expect(streamOf(second, 'postgres.customers').objects.map(({ uri }) => /load_type=\w+/.exec(uri)?.[0])).toEqual(['load_type=incremental']);

    const latest = (entity: string, key: string) =>
      `select count(*)::int as rows from (from lake('${entity}') qualify row_number() over (partition by ${key} order by _ingestion_ts desc) = 1)`;
    expect(await shop.rows(`${latest('customers', 'id')} union all ${latest('orders', 'id, line')}`)).toEqual([{ rows: 50 }, { rows: 301 }]);
    const delivered = await shop.rows(`select distinct payment_id from lake('payments') order by 1`);
    expect(delivered.map((row) => row['payment_id'])).toEqual([...new Set(idsOf('payments', '2026-03-02T01:59:00Z'))].sort());
    expect(await shop.rows(`select distinct load_type, _source_system from lake('payments') order by 1`)).toEqual([
      { load_type: 'full', _source_system: 'api' },
      { load_type: 'incremental', _source_system: 'api' },
    ]);
  });

  it('goes on with the others when an entity fails, says why, and loads it when it is there again', async () => {
    await shop.sql.query('ALTER TABLE customers RENAME TO gone');
    const logger = createRecordingLogger();
    const streams = ['customers', 'orders', 'payments'];
    const first = await shop.run({ logger, streams });
    expect(first.status).toBe('failed');
    expect(outcome(first)).toMatchObject({ orders: 'complete 300 0 300', payments: expect.stringMatching(/^complete/) as string });
    expect(streamOf(first, 'postgres.customers')).toMatchObject({ error: { action: 'fatal', message: 'There is no table public.customers' } });
    expect(first.problems.join('\n')).toContain('postgres.customers');
    const entries = async () => (await listState(shop.environment())).entries.map(({ stream }) => stream);
    expect(await entries()).toEqual(['payments.payments', 'postgres.orders']);

    await shop.sql.query('ALTER TABLE gone RENAME TO customers');
    const second = await shop.run({ streams });
    expect(second).toMatchObject({ status: 'complete', attempts: 2, run_id: first.run_id, problems: [] });
    expect(outcome(second)).toMatchObject({ customers: 'complete 50 0 50', orders: 'complete 300 0 300' });
    expect(await entries()).toContain('postgres.customers');
    expect(
      await shop.rows(`select (select count(*)::int from lake('orders')) as orders, (select count(*)::int from lake('customers')) as customers`),
    ).toEqual([{ orders: 300, customers: 50 }]);
  });

  it('keeps its checkpoints in the document of the bucket, where that is the store', async () => {
    const key = 'logs/pipeline/ingestion/checkpoints.json';
    const environment = shop.environment({ CHECKPOINT_STORE: `s3://${shop.env.S3_BUCKET_NAME}/${key}` });
    const streams = ['customers', 'log'];
    expect(await shop.run({ environment, streams })).toMatchObject({ status: 'complete' });
    const document = JSON.parse(await shop.text(key)) as Record<string, { last_sync_timestamp: string; record_count: number }>;
    const [customers] = Object.entries(document).flatMap(([name, value]) => (name.includes('customers') ? [value] : []));
    expect(customers).toMatchObject({ last_sync_timestamp: '2026-02-28T00:00:50Z', record_count: 50 });
    const second = await shop.run({ environment, streams }, NEXT);
    expect(outcome(second)).toEqual({ customers: 'complete 50 50 0', log: 'complete 2 0 2' });
  });

  it('reads everything again when LOAD_TYPE says so, unless its caller says otherwise', async () => {
    const environment = shop.environment({ LOAD_TYPE: 'FULL' });
    const streams = ['customers'];
    const loadTypes = (report: RunReport) => streamOf(report, 'postgres.customers').objects.map(({ uri }) => /load_type=\w+/.exec(uri)?.[0]);
    await shop.run({ streams });
    expect(loadTypes(await shop.run({ streams, environment }, NEXT))).toEqual(['load_type=full']);
    expect(outcome(await shop.run({ streams, environment, fullRefresh: false }, '2026-03-03T02:00:00Z'))).toEqual({ customers: 'complete 50 50 0' });
    expect(loadTypes(await shop.run({ streams, fullRefresh: true }, '2026-03-04T02:00:00Z'))).toEqual(['load_type=full']);
  });

  it('filters an API itself that ignores since, and says so in the report', async () => {
    const streams = ['payments'];
    await shop.run({ streams });
    shop.sources.limits.gateway.heedsSince = false;
    const second = await shop.run({ streams }, NEXT);
    expect(second.status).toBe('complete');
    expect(streamOf(second, 'payments.payments').notes).toEqual([
      { kind: 'capability', message: 'Payments API ignores since: everything is read, and what is older is left out here' },
    ]);
    const delivered = await shop.rows(`select payment_id, updated_at from lake('payments') group by all having count(*) > 1`);
    expect(delivered).toEqual([]);
  });

  it('leaves out rows that are not as expected, and stops an entity for those that must not be', async () => {
    const file = await readFile(shop.env.LOADIN_JOBS, 'utf8');
    const expecting = (severity: string) =>
      file.replace(
        'cursor: updated_at }',
        () => `cursor: updated_at, expect: [{ check: regex, column: name, pattern: '[02-9]$', severity: ${severity} }] }`,
      );
    const run = async (severity: string) => {
      const path = `${shop.env.LOADIN_JOBS}.${severity}.yaml`;
      await writeFile(path, expecting(severity));
      return shop.run({ streams: ['customers', 'log'], environment: shop.environment({ LOADIN_JOBS: path }) });
    };
    const stopped = await run('stop');
    expect(stopped.status).toBe('failed');
    expect(streamOf(stopped, 'postgres.customers')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('name') as string },
      objects: [],
    });
    expect(streamOf(stopped, 'postgres.log').status).toBe('complete');
    const loaded = await run('quarantine');
    expect(streamOf(loaded, 'postgres.customers').ledger).toMatchObject({ read: 50, rejected: 5, sinks: { s3_bronze: { delivered: 45 } } });
    expect((await shop.keys('dead-letters/')).length).toBe(1);
    const wrong = `${shop.env.LOADIN_JOBS}.wrong.yaml`;
    await writeFile(wrong, expecting('stop').replace('pattern', 'min: 1, pattern'));
    const error = await errorOf(shop.run({ environment: shop.environment({ LOADIN_JOBS: wrong }) }));
    expect(error.message).toMatch(/wrong\.yaml:6:\d+ streams\.postgres\.customers\.expect\.0\.min is no field of regex/);
  });

  it('writes nothing in a dry run', async () => {
    const report = await shop.run({ dryRun: true, streams: ['customers', 'payments'] });
    expect(report).toMatchObject({ status: 'complete', dry_run: true });
    expect(outcome(report)).toMatchObject({ customers: 'complete 50 0 50' });
    expect(await shop.keys()).toEqual([]);
    expect((await listState(shop.environment())).entries).toEqual([]);
  });

  describe('before it reads anything', () => {
    const refusal = async (more: Record<string, string | undefined>, streams?: string[]) => {
      const error = await errorOf(shop.run({ environment: shop.environment(more), streams }));
      expect(shop.calls()).toBe(0);
      expect(inspect(error, { depth: 9 })).not.toContain(shop.connection.password);
      return error;
    };

    it('lists every setting that it lacks', async () => {
      const nothing = {
        S3_BUCKET_NAME: '',
        RDS_SECRET_ARN: '',
        PAYMENTS_API_URL: '',
        SHIPMENTS_API_URL: '',
        API_KEY_SECRET_ARN: '',
        DATABASE_URL: '',
      };
      const { message } = await refusal(nothing);
      for (const name of ['S3_BUCKET_NAME', 'RDS_SECRET_ARN', 'PAYMENTS_API_URL', 'SHIPMENTS_API_URL', 'API_KEY_SECRET_ARN'])
        expect(message).toContain(name);
      expect(await refusal(nothing, ['customers'])).toMatchObject({ message: expect.not.stringContaining('PAYMENTS_API_URL') as string });
    });

    it('refuses a bucket, a secret and an API key that are not there or no good, all at once', async () => {
      await shop.putSecret('keys', JSON.stringify({ api_key: 'canary' }));
      const { message } = await refusal({ S3_BUCKET_NAME: 'not-there' });
      expect(message).toMatch(
        /^2 things that the job needs are not ready: .*not-there.*the API key is not 20 to 128 letters and digits: it has 6 characters/,
      );
      expect(message).not.toContain('canary');
      const both = await refusal({ S3_BUCKET_NAME: 'not-there', CHECKPOINT_STORE: 's3://not-there/checkpoints.json' }, ['customers']);
      expect(both).toMatchObject({ message: 'S3 HeadBucket: it does not exist (NotFound)', where: 's3://not-there' });
      const missing = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:missing-AbCdEf';
      expect(await refusal({ RDS_SECRET_ARN: missing }, ['orders'])).toMatchObject({ action: 'fatal' });
    });

    it('refuses a database that lets nobody in, and needs none where no table is read', async () => {
      await shop.putSecret('database', JSON.stringify({ ...shop.connection, password: 'another' }));
      expect(await refusal({})).toMatchObject({ action: 'fatal', message: expect.stringMatching(/password|let in|refuse/i) as string });
      await shop.putSecret('database', '{}');
      expect((await refusal({})).message).toMatch(/does not say how to connect to Postgres: host is missing/);
      expect(await shop.run({ streams: ['payments'] })).toMatchObject({ status: 'complete' });
    });

    it('leaves tables of a database that is away for a moment to the run, which reads the rest', async () => {
      await shop.putSecret('database', JSON.stringify({ ...shop.connection, port: 1 }));
      const report = await shop.run({ streams: ['payments', 'customers'] });
      expect(report.status).toBe('failed');
      expect(streamOf(report, 'payments.payments').status).toBe('complete');
      expect(streamOf(report, 'postgres.customers')).toMatchObject({ status: expect.not.stringMatching('complete') as string });
      expect(await errorOf(shop.run({ streams: ['customers'] }, NEXT))).toMatchObject({ action: 'retry' });
    });
  });
});

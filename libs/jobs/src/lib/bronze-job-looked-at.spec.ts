import { errorOf, openEntities } from './bronze-entities.fixture.js';
import { FIRST, NEXT, type Shop } from './bronze-world.fixture.js';
import type { CheckLine } from './check-line.js';
import { checkSetup } from './check-setup.js';
import { planJob } from './plan/plan-job.js';
import { previewStream, type PreviewItem } from './preview.js';
import { replayJobs } from './replay-jobs.js';

jest.setTimeout(60_000);

describe('a bronze job, beside its runs,', () => {
  const opened = openEntities();
  let shop: Shop;
  beforeEach(() => void (shop = opened.shop));

  it('is planned without a call to its sources: by the last run, as far as there was one', async () => {
    const plan = () => planJob({ job: 'bronze', environment: shop.environment({ RDS_SECRET_ARN: '' }), clock: shop.clock });
    const before = await plan();
    expect(before.notes).toContain('no complete run of bronze is known: the expected numbers are not known');
    expect(before.sources.map(({ source }) => source)).toEqual(['payments', 'shipments']);
    expect(before.streams.map(({ slices, basis }) => [...slices, basis])).toContainEqual(['orders', 'not known before a run has read it']);
    expect(shop.calls()).toBe(0);
    expect(before.notes.join('\n')).not.toContain('survey');
    await shop.run({ streams: ['orders'] });
    const after = await plan();
    const orders = after.streams.find(({ stream }) => stream === 'postgres.orders');
    expect(orders).toMatchObject({ records: { least: 0, expected: 300, most: null }, calls: { most: 0 }, basis: `the last run, of ${FIRST}` });
    expect(orders?.last).toMatchObject({ records: 300, objects: 3 });
    expect(after.bytes.bronze).toBeGreaterThan(1_000);
    expect(after.bytes).toMatchObject({ landing: 0, raw: 0, stream: 0 });
  });

  it('is checked line by line: database, tables, APIs', async () => {
    await shop.sql.query('DROP TABLE log');
    shop.sources.limits.gateway.heedsSince = false;
    const lines: CheckLine[] = [];
    for await (const line of checkSetup({ environment: shop.environment(), clock: shop.clock })) lines.push(line);
    const of = (name: string) => lines.find((line) => line.name === name);
    expect(of('bucket')).toMatchObject({ ok: true, detail: `s3://${shop.env.S3_BUCKET_NAME} is there` });
    expect(of('calls')?.detail).toMatch(
      /^bronze: 1 or more calls to the payments API, 1 or more calls to the shipments API, 3 tables of a database$/m,
    );
    expect(of('database')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/ on 127\.0\.0\.1:\d+ answers, and takes the credentials$/) as string,
    });
    expect(of('postgres.orders')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^public\.orders can be read by updated_at, now up to 2026-/) as string,
    });
    expect(of('postgres.log')).toMatchObject({ ok: false, detail: expect.stringMatching(/^There is no table public\.log/) as string });
    expect(of('payments.payments')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/answers, and takes the key\nPayments API ignores since/) as string,
    });
    await shop.putSecret('keys', JSON.stringify({ api_key: 'LoadinDummyKeyOfNobody012345' }));
    await shop.sql.query('ALTER TABLE orders RENAME ordered_at TO placed_at');
    const again: CheckLine[] = [];
    for await (const line of checkSetup({ environment: shop.environment(), clock: shop.clock })) again.push(line);
    expect(again.find(({ name }) => name === 'postgres.orders')).toMatchObject({
      ok: false,
      detail: 'public.orders: there is no column ordered_at, named as event_date',
    });
    expect(again.find(({ name }) => name === 'shipments.shipments')).toMatchObject({
      ok: false,
      hint: expect.stringContaining('API_KEY_SECRET_ARN') as string,
    });
  });

  it('is previewed as its sources give it', async () => {
    const items: PreviewItem[] = [];
    for (const stream of ['orders', 'shipments', 'log'])
      for await (const item of previewStream({ stream, environment: shop.environment(), clock: shop.clock, count: 2 })) items.push(item);
    expect(items.map(({ kind }) => kind)).toEqual([
      'begin',
      'record',
      'record',
      'end',
      'begin',
      'record',
      'record',
      'end',
      'begin',
      'record',
      'record',
      'end',
    ]);
    expect(items[1]).toMatchObject({ id: '["1","1"]', record: { id: '1', line: 1, total: '1.25' } });
    expect(items[0]).toMatchObject({ stream: 'postgres.orders', dataType: 'orders', job: 'bronze' });
    expect(items[11]).toMatchObject({ records: 2, rejected: 0 });
    expect(await shop.keys()).toEqual([]);
  });

  it('is not replayed, as nothing of it is landed', async () => {
    const replay = (job?: string) =>
      replayJobs({ environment: shop.environment({ AWS_S3_BUCKET_RAW: shop.env.S3_BUCKET_NAME }), job, from: FIRST, to: NEXT });
    expect(await errorOf(replay('bronze'))).toMatchObject({ hint: 'Read them again: loadin run bronze --full-refresh.' });
    expect((await replay()).runs).toEqual([]);
  });
});

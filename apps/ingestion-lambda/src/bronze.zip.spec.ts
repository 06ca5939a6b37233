import { startLocalLambda, type LocalLambda } from '@loadin/local-lambda';
import { copyLake, fingerprintsOfLake, fingerprintsOfShop, openLake, openStage, readObject, type Stage } from '@loadin/shop';
import { startCollector } from '@loadin/specs/collector';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestionAnswer, PlanAnswer, SliceAnswer } from './answer.js';
import { ZIP } from './world.fixture.js';

jest.setTimeout(180_000);

const ENTITIES = [
  'postgres.customers',
  'postgres.products',
  'postgres.inventory',
  'postgres.orders',
  'postgres.order_items',
  'payments.payments',
  'shipments.shipments',
];

describe('the function with a bronze job', () => {
  let folder: string;
  let stage: Stage;
  let lambda: LocalLambda;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadin bronze '));
    stage = await openStage({ dir: join(folder, 'stage'), rows: 1_000, leaseSeconds: 2 });
    const env = { ...stage.settings, LOADIN_JOB: 'bronze' };
    lambda = startLocalLambda({ zip: ZIP, functionName: 'bronze', timeoutMs: 60_000, memoryMB: 2048, env });
  });
  afterAll(async () => {
    await lambda.stop();
    await stage.close();
    await rm(folder, { recursive: true });
  });
  const invoke = async <Answer = IngestionAnswer>(event: object): Promise<Answer & { readonly logs: readonly string[] }> => {
    const { payload, logs } = await lambda.invoke(event);
    return { ...(payload as Answer), logs };
  };
  /** A schedule's clock may be some minutes ahead; what the shop was made with is over by then. */
  const started = Date.now();
  const at = (run: number): string => `${new Date(started + 30_000 + run * 30_000).toISOString().slice(0, 19)}Z`;
  const deliveredIn = ({ counts }: IngestionAnswer): Record<string, number | undefined> =>
    Object.fromEntries(Object.entries(counts).map(([stream, { delivered }]) => [stream, delivered['s3_bronze']]));

  it('brings everything, and answers with the counts of each entity', async () => {
    const answer = await invoke({ scheduled_time: at(1) });
    expect(answer).toMatchObject({ status: 'complete', job: 'bronze', problems: [] });
    expect(Object.keys(answer.counts)).toEqual(ENTITIES);
    const { customers, products, inventory, orders, order_items } = stage.shop;
    const expected = { customers, products, inventory, orders, order_items };
    expect(deliveredIn(answer)).toMatchObject(Object.fromEntries(Object.entries(expected).map(([name, rows]) => [`postgres.${name}`, rows])));
    await copyLake(stage.aws.url, join(folder, 'lake'));
    const lake = await openLake(join(folder, 'lake'));
    expect(await fingerprintsOfLake(lake)).toEqual(await fingerprintsOfShop(stage.client));
    lake.close();
  });

  it('logs JSON, an object a line, with the lines that runbooks look for, and keeps the log of the run', async () => {
    const { run_id, logs } = await invoke({ scheduled_time: at(2), entity: 'customers' });
    const lines = logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    const messages = [
      'Starting: Configuration Validation',
      'Completed: Configuration Validation',
      'Starting: Processing customers',
      'Completed: Processing customers',
    ];
    expect(lines.map(({ message }) => message).filter((message) => messages.includes(String(message)))).toEqual(messages);
    expect(lines.find(({ message }) => message === 'Starting: Processing customers')).toMatchObject({
      level: 'INFO',
      run_id,
      attempt: 1,
      stream: 'postgres.customers',
    });
    expect(await readObject(stage.aws.url, `logs/pipeline/ingestion/date=${at(2).slice(0, 10)}/${run_id}.ndjson`)).toContain(
      '"message":"Completed: Processing customers"',
    );
  });

  it('reads what has changed, and everything again with {"load_type": "FULL"}', async () => {
    const again = (at: string, more: object = {}): Promise<IngestionAnswer> => invoke({ scheduled_time: at, entity: 'orders', ...more });
    const full = await again(at(3), { load_type: 'FULL' });
    expect(full.counts).toMatchObject({ 'postgres.orders': { status: 'complete', read: stage.shop.orders } });
    const incremental = await again(at(4), { load_type: 'INCREMENTAL' });
    expect(incremental.counts['postgres.orders']?.read).toBeLessThan(stage.shop.orders / 2);
    expect(await again(at(4))).toMatchObject({ already_complete: true, run_id: incremental.run_id });
  });

  it('works in phases: an entity is a slice, and each can be sent again', async () => {
    const plan = await invoke<PlanAnswer>({ scheduled_time: at(5), phase: 'plan', load_type: 'FULL' });
    expect(plan).toMatchObject({ status: 'planned', waves: [{ slices: ENTITIES.length, bucket: 'aws-ecom-pipeline' }] });
    const events = JSON.parse(await readObject(stage.aws.url, plan.waves[0]?.key ?? '')) as { stream: string }[];
    const answers = await Promise.all([...events, ...events.slice(0, 1)].map((event) => invoke<SliceAnswer>(event)));
    // Of two that are sent the same slice at once one may find the other at work on it.
    expect(answers.filter(({ status, reason }) => status !== 'complete' && reason !== 'lease')).toEqual([]);
    expect(new Set(answers.filter(({ status }) => status === 'complete').map(({ stream }) => stream))).toEqual(new Set(ENTITIES));
    const finished = await invoke({ phase: 'finish', run_id: plan.run_id });
    expect(finished).toMatchObject({ status: 'complete', run_id: plan.run_id, problems: [] });
    expect(deliveredIn(finished)).toMatchObject({ 'postgres.orders': stage.shop.orders, 'postgres.order_items': stage.shop.order_items });
  });

  it('sends traces where a collector is named: what it reads of the database, each object, the commit', async () => {
    const collector = await startCollector();
    const env = { ...stage.settings, LOADIN_JOB: 'bronze', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const traced = startLocalLambda({ zip: ZIP, functionName: 'traced', timeoutMs: 60_000, memoryMB: 2048, env });
    const { payload } = await traced.invoke({ scheduled_time: at(6), entity: 'orders', load_type: 'FULL' }).finally(() => traced.stop());
    await collector.close();
    expect(payload).toMatchObject({ status: 'complete' });
    const [slice] = collector.spans.filter(({ name }) => name === 'loadin.slice');
    const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === slice?.spanId);
    expect(slice?.attributes).toMatchObject({ 'loadin.stream': 'postgres.orders' });
    expect(new Set(below.map(({ name }) => name))).toEqual(new Set(['loadin.request', 'loadin.object', 'loadin.commit', 'loadin.progress']));
    expect(below.find(({ name }) => name === 'loadin.request')?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.collection.name': 'public.orders',
    });
    expect(below.find(({ name }) => name === 'loadin.object')?.attributes).toMatchObject({
      'loadin.object': expect.stringMatching(/^s3:\/\/.*\/data\/bronze\/orders\//),
    });
    expect(collector.spans.filter(({ failed }) => failed)).toEqual([]);
  });

  it('has called nothing that its README asks no permission for', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8').split('## Permissions')[1] ?? '';
    const called = Object.values(stage.aws.requests()).flatMap((operations) => Object.keys(operations));
    const preparation = ['CreateBucket', 'CreateTable', 'CreateSecret'];
    expect(called.filter((operation) => !preparation.includes(operation) && !readme.includes(operation))).toEqual([]);
    expect(called).toContain('CompleteMultipartUpload');
  });

  it('names in one line what is missing, without a secret', async () => {
    const other = startLocalLambda({
      zip: ZIP,
      functionName: 'other',
      timeoutMs: 60_000,
      memoryMB: 512,
      env: { ...stage.settings, RDS_SECRET_ARN: '' },
    });
    const { functionError, payload } = await other.invoke({ job_type: 'bronze' });
    await other.stop();
    expect({ functionError, payload }).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'ConfigurationError', errorMessage: expect.stringMatching(/^[^\n]*RDS_SECRET_ARN is missing[^\n]*$/) },
    });
  });
});

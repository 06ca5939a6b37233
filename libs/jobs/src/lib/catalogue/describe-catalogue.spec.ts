import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { loadEnvironment } from '@loadin/config';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCatalogue, type DescribeCatalogueOptions } from './describe-catalogue.js';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const orders = {
  entity: 'orders',
  key: ['id', '_deleted'],
  versions: [
    {
      version: 1,
      ingestion_id: 'one',
      columns: [
        { name: 'id', type: 'int32' },
        { name: '_deleted', type: 'boolean' },
        { name: 'event_date', type: null },
      ],
    },
  ],
};

describe('describing a lake', () => {
  let dir: string;
  let server: LocalAws;
  let client: S3Client;
  let env: Record<string, string>;
  const put = (Bucket: string, Key: string, Body = 'x') => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const describeIt = (options: Partial<DescribeCatalogueOptions> = {}) =>
    describeCatalogue({ environment: loadEnvironment({ cwd: dir, env }), ...options });
  const names = async (options?: Partial<DescribeCatalogueOptions>) => (await describeIt(options)).map(({ name }) => name);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'loadin-catalogue-'));
    server = await startLocalAws({ dataDir: join(dir, 'aws') });
    client = new S3Client(awsClientOptions({ region: 'us-east-1', endpoint: server.url, credentials: CREDENTIALS }).s3);
    for (const Bucket of ['bronze-lake', 'raw-lake', 'empty-lake', 'damaged-lake']) await client.send(new CreateBucketCommand({ Bucket }));
    await put('bronze-lake', '_loadin/schemas/orders.json', JSON.stringify(orders));
    await put('bronze-lake', '_loadin/schemas/items.json', JSON.stringify({ ...orders, entity: 'items', key: undefined }));
    for (const day of ['2026-03-02', '2026-03-01', '2026-03-03'])
      await put('bronze-lake', `data/bronze/orders/ingestion_date=${day}/load_type=full/event_date=2020-01-01/part-00000-x.parquet`);
    await put('bronze-lake', 'logs/pipeline/ingestion/checkpoints.json');
    await put('bronze-lake', 'logs/pipeline/ingestion/date=2026-02-28/x.ndjson');
    await put('raw-lake', 'raw/ticketmaster/events/year=2025/month=12/day=31/events_20251231_020000.json');
    await put('damaged-lake', '_loadin/schemas/orders.json', '{');
  });
  beforeEach(() => {
    env = { AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    env = { ...env, S3_BUCKET_NAME: 'bronze-lake', AWS_S3_BUCKET_RAW: 'raw-lake' };
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    rmSync(dir, { recursive: true });
  });

  it('finds every entity, its key by the names that files have, and the first day of everything', async () => {
    const statements = await describeIt();
    const sql = (name: string): string => statements.find((statement) => statement.name === name && statement.kind !== 'schema')?.sql ?? '';
    expect(statements.map(({ name }) => name)).toEqual([
      ...[
        'bronze',
        'raw',
        'logs',
        'bronze.items',
        'bronze.items_dated',
        'bronze.orders',
        'bronze.orders_dated',
        'bronze.orders_latest',
        'bronze.counts',
      ],
      ...['artists', 'venues', 'events', 'attractions', 'tracks'].flatMap((dataType) => [`raw.${dataType}_objects`, `raw.${dataType}`]),
      ...['logs.lines', 'logs.ingestion_runs', 'Recent ingestion runs', 'Bronze data counts'],
    ]);
    expect(sql('bronze.orders')).toContain('  `id` int,\n  `_deleted_2` boolean,\n  `_ingestion_ts` timestamp,');
    expect(sql('bronze.orders')).toContain("'projection.ingestion_date.range' = '2026-03-01,NOW'");
    expect(sql('bronze.orders_latest')).toContain('PARTITION BY "id", "_deleted_2" ORDER BY');
    expect(sql('raw.events_objects')).toContain("'projection.year.range' = '2025,2044'");
    expect(sql('raw.events')).not.toContain('record_hash');
    expect(sql('logs.lines')).toContain("'projection.date.range' = '2026-02-28,NOW'");
  });

  it('describes the entities alone that are asked for, with the key and the first day that are given', async () => {
    const keys = new Map([['items', ['id']]]);
    expect(await names({ entities: ['items'], keys })).toEqual(['bronze', 'bronze.items', 'bronze.items_dated', 'bronze.items_latest']);
    const [, table] = await describeIt({ entities: ['items'], since: '2026-03-02' });
    expect(table?.sql).toContain("'2026-03-02,NOW'");
    expect(table?.notes).toEqual(['There is no view of the latest rows: the key of items is not known.']);
  });

  it('describes what there is: logs and raw alone, or a lake that is still empty', async () => {
    env['S3_BUCKET_NAME'] = '';
    expect((await names()).filter((name) => !name.startsWith('raw.'))).toEqual([
      'raw',
      'logs',
      'logs.lines',
      'logs.ingestion_runs',
      'Recent ingestion runs',
    ]);
    env = { ...env, S3_BUCKET_NAME: 'empty-lake', AWS_S3_BUCKET_RAW: '' };
    expect(await names()).toEqual(['logs', 'logs.lines', 'logs.ingestion_runs', 'Recent ingestion runs']);
  });

  it.each<[string, Partial<DescribeCatalogueOptions>, object, object]>([
    [
      'no lake',
      {},
      { S3_BUCKET_NAME: '', AWS_S3_BUCKET_RAW: '' },
      { name: 'ConfigurationError', message: expect.stringContaining('S3_BUCKET_NAME') },
    ],
    [
      'an entity without a schema',
      { entities: ['order'] },
      {},
      {
        message: 'The lake has no schema of an entity "order"; did you mean "orders"?',
        where: 's3://bronze-lake/_loadin/schemas/',
        hint: 'It has: items, orders.',
      },
    ],
    ['a key of such an entity', { keys: new Map([['nothing', ['id']]]) }, {}, { message: 'The lake has no schema of an entity "nothing"' }],
    [
      'a key of a column that is not there',
      { keys: new Map([['items', ['no']]]) },
      {},
      { message: 'The key of items has a column "no" that the entity has not', hint: 'Its columns: id, _deleted, event_date.' },
    ],
    ['a damaged file', {}, { S3_BUCKET_NAME: 'damaged-lake' }, { where: 's3://damaged-lake/_loadin/schemas/orders.json' }],
    ['a day that there is not', { since: '2026-02-30' }, {}, { message: '"2026-02-30" is no day YYYY-MM-DD' }],
    ['a bucket that there is not', {}, { S3_BUCKET_NAME: 'no-lake' }, { message: expect.stringContaining('S3 ListObjectsV2') }],
  ])('%s: says so, and what to do', async (_what, options, settings, error) => {
    Object.assign(env, settings);
    await expect(describeIt(options)).rejects.toThrow(expect.objectContaining(error));
  });
});

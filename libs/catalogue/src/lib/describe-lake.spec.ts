import { describeLake, printStatements } from './describe-lake.js';
import type { BronzeEntity, Lake } from './types.js';

const entity = (name: string, more: Partial<BronzeEntity> = {}): BronzeEntity => ({
  entity: name,
  key: ['id'],
  versions: [{ version: 1, columns: [{ name: 'id', type: 'int64' }] }],
  ...more,
});
const bronze = (...entities: readonly BronzeEntity[]): Lake => ({ bronze: { bucket: 'lake', entities } });
const record = { type: 'object', properties: { id: { type: 'string' }, from: { type: ['null', 'array'], items: { type: 'integer' } } } };

describe('what describes a lake', () => {
  it('projects ingestion date and load type and nothing else, and quotes every column', () => {
    const [, table] = describeLake(bronze(entity('orders', { since: '2026-03-01' })));
    expect(table?.sql).toBe(
      [
        'CREATE EXTERNAL TABLE IF NOT EXISTS `bronze`.`orders` (',
        '  `id` bigint,',
        '  `_ingestion_ts` timestamp,',
        '  `_source_system` string,',
        '  `_record_hash` string,',
        '  `_ingestion_id` string,',
        '  `_deleted` boolean',
        ')',
        'PARTITIONED BY (`ingestion_date` string, `load_type` string)',
        'STORED AS PARQUET',
        "LOCATION 's3://lake/data/bronze/orders/'",
        'TBLPROPERTIES (',
        "  'projection.enabled' = 'true',",
        "  'projection.ingestion_date.type' = 'date',",
        "  'projection.ingestion_date.format' = 'yyyy-MM-dd',",
        "  'projection.ingestion_date.range' = '2026-03-01,NOW',",
        "  'projection.ingestion_date.interval' = '1',",
        "  'projection.ingestion_date.interval.unit' = 'DAYS',",
        "  'projection.load_type.type' = 'enum',",
        "  'projection.load_type.values' = 'full,incremental',",
        "  'storage.location.template' = 's3://lake/data/bronze/orders/ingestion_date=${ingestion_date}/load_type=${load_type}/'",
        ')',
      ].join('\n'),
    );
  });

  it('has schemas first, then each table before the views of it, queries last', () => {
    const lake: Lake = {
      ...bronze(entity('orders', { key: ['ID'] })),
      raw: { bucket: 'raw-lake', records: [{ source: 'spotify', dataType: 'artists', schema: record, sinceYear: 2025 }] },
      logs: { bucket: 'lake', since: '2026-01-01' },
    };
    expect(describeLake(lake, { replace: true }).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'schema bronze',
      'schema raw',
      'schema logs',
      'drop bronze.orders',
      'table bronze.orders',
      'view bronze.orders_dated',
      'view bronze.orders_latest',
      'view bronze.counts',
      'drop raw.artists_objects',
      'table raw.artists_objects',
      'view raw.artists',
      'drop logs.lines',
      'table logs.lines',
      'view logs.ingestion_runs',
      'query Recent ingestion runs',
      'query Bronze data counts',
    ]);
    expect(describeLake({})).toEqual([]);
  });

  it.each([
    ['of two states of a row in one load the one with the greater cursor', 'int64', '"version" DESC NULLS LAST, '],
    ['and not by one that has become text', 'string', ''],
  ])('takes as the latest %s', (_, type, order) => {
    const columns = [
      { name: 'id', type: 'int64' },
      { name: 'Version', type },
    ];
    const view = describeLake(bronze(entity('orders', { cursor: 'Version', versions: [{ version: 1, columns }] }))).find(
      ({ name }) => name === 'bronze.orders_latest',
    );
    expect(view?.sql).toContain(`PARTITION BY "id" ORDER BY "_ingestion_ts" DESC, ${order}"_ingestion_id" DESC, "_record_hash" DESC)`);
  });

  it('projects the days of raw objects and of logs as their folders have them', () => {
    const sql = printStatements(
      describeLake({
        raw: { bucket: 'b', records: [{ source: 'spotify', dataType: 'artists', schema: record, sinceYear: 2025 }] },
        logs: { bucket: 'b' },
      }),
    );
    expect(sql).toContain("'storage.location.template' = 's3://b/raw/spotify/artists/year=${year}/month=${month}/day=${day}/'");
    expect(sql).toContain("'projection.month.range' = '1,12',\n  'projection.month.digits' = '2'");
    expect(sql).toContain("'projection.year.range' = '2025,2044'");
    expect(sql).toContain("'storage.location.template' = 's3://b/logs/pipeline/ingestion/date=${date}/'");
    expect(sql).toContain("'projection.date.range' = '2024-01-01,NOW'");
    expect(sql).toContain('`records` array<struct<id:string,`from`:array<bigint>>>');
  });

  it('prints what each is and its notes in comments, and ends each by a semicolon', () => {
    const odd = entity('odd', { key: undefined, versions: [{ version: 1, columns: [{ name: 'a b', type: 'int64' }] }] });
    const text = printStatements(describeLake(bronze(odd)));
    expect(text).toMatch(
      /^-- The database bronze of Glue\.\nCREATE SCHEMA IF NOT EXISTS bronze;\n\n-- Every row .*\n-- Note: Athena promises .*\n-- Note: There is no view of the latest rows: the key of odd is not known\.\nCREATE EXTERNAL/,
    );
    expect(text).toMatch(/\n-- Bronze data counts\. Rows by .*\nSELECT [^;]*;\n$/);
  });

  it('has a word for a wider column once, and names the version that has it first', () => {
    const versions = ['int32', 'int64', 'string', 'string'].map((type, n) => ({ version: n + 1, columns: [{ name: 'id', type }] }));
    const table = describeLake(bronze(entity('orders', { versions })))[1];
    expect(table?.notes.map((note) => note.split(':')[0])).toEqual([
      'The column "id" is string since schema version 3, and int32 in files of version 1',
      'The column "id" is string since schema version 3, and int64 in files of version 2',
    ]);
    expect(describeLake(bronze(entity('orders', { versions: versions.slice(0, 2) })))[1]?.notes).toEqual([]);
  });
});

describe('what can not be described', () => {
  it.each<[string, Lake, string]>([
    ['two entities of one table', bronze(entity('a.b'), entity('A-B')), 'the entity a.b and the entity A-B would both be bronze.a_b'],
    ['an entity named as a view', bronze(entity('x'), entity('x_dated')), 'the entity x and the entity x_dated would both be bronze.x_dated'],
    ['an entity named counts', bronze(entity('counts')), 'the entity counts and the view of counts would both be bronze.counts'],
    [
      'a type that is none',
      bronze(entity('x', { versions: [{ version: 1, columns: [{ name: 'a', type: 'list<constructor>' }] }] })),
      '"constructor" is no type',
    ],
    [
      'a field of two types',
      {
        raw: {
          bucket: 'b',
          records: [{ source: 's', dataType: 'd', schema: { type: 'object', properties: { a: { type: ['string', 'integer'] } } } }],
        },
      },
      'A field of records has no type that a table can have',
    ],
  ])('%s: says which', (_what, lake, message) => {
    expect(() => describeLake(lake)).toThrow(expect.objectContaining({ name: 'FatalError', message: expect.stringContaining(message) }));
  });
});

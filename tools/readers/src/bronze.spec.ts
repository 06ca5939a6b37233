import { BRONZE_COUNTS } from '@loadin/catalogue';
import { BUCKET, lines, openShop, type Shop } from './shop.fixture.js';

const ORDERS = [
  { name: 'id', type: 'bigint' },
  { name: 'State', type: 'text' },
  { name: 'amount', type: 'numeric(10,2)' },
  { name: 'ordered_at', type: 'timestamp with time zone' },
  { name: 'order', type: 'integer[]' },
];
const KEYS = { id: ['id'] };
const partitionBy = 'ordered_at';

describe('the tables and views of bronze, over files that loads have written', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = openShop();
    await shop.copy({ entity: 'orders', partitionBy, ingestionDate: '2026-03-01', deletes: true }, ORDERS, [
      lines(
        ['1', 'new', '10.50', '2026-02-27 10:00:00.123456+00', '{1,NULL}'],
        ['2', 'new', '99999999.99', '2026-02-28 23:59:59.999999+00', '{}'],
        ['3', null, null, null, null],
      ),
    ]);
    await shop.copy({ entity: 'orders', partitionBy, ingestionDate: '2026-03-02', deletes: true }, ORDERS, [
      lines(['1', 'paid', '10.50', '2026-02-27 10:00:00.123456+00', '{1,2}'], ['4', 'new', '-0.01', '2026-03-01 08:00:00+00', '{7}']),
      { key: ['id'], gone: [['2']], digests: new Uint8Array(16) },
    ]);
    await shop.records({ entity: 'payments', sourceSystem: 'api', ingestionDate: '2026-03-02' }, [{ payment_id: 'p1', note: "it's" }]);
  });
  afterAll(() => shop.close());

  const open = async (more = {}) =>
    (await shop.athena({ bronze: { bucket: BUCKET, entities: [shop.entity('orders', { key: KEYS.id, ...more }), shop.entity('payments')] } })).athena;

  it('has every column in the type that the files have', async () => {
    const athena = await open();
    const asInstant = { declared: 'TIMESTAMP', found: 'TIMESTAMP WITH TIME ZONE' };
    expect(athena.types('bronze.orders')).toEqual([
      { column: 'id', declared: 'BIGINT', found: 'BIGINT' },
      { column: 'state', declared: 'VARCHAR', found: 'VARCHAR' },
      { column: 'amount', declared: 'DECIMAL(10,2)', found: 'DECIMAL(10,2)' },
      { column: 'ordered_at', ...asInstant },
      { column: 'order', declared: 'INTEGER[]', found: 'INTEGER[]' },
      { column: '_ingestion_ts', ...asInstant },
      { column: '_source_system', declared: 'VARCHAR', found: 'VARCHAR' },
      { column: '_record_hash', declared: 'VARCHAR', found: 'VARCHAR' },
      { column: '_ingestion_id', declared: 'VARCHAR', found: 'VARCHAR' },
      { column: '_deleted', declared: 'BOOLEAN', found: 'BOOLEAN' },
    ]);
    expect(athena.types('bronze.payments').at(-1)).toEqual({ column: '_deleted', declared: 'BOOLEAN', found: undefined });
  });

  it('gives the event date of every row, and null where there is none', async () => {
    const athena = await open();
    const rows = await athena.rows(
      'SELECT id, state, event_date, ingestion_date, load_type, _deleted FROM bronze.orders_dated ORDER BY ingestion_date, id',
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['1', 'new', '2026-02-27', '2026-03-01', 'full', false],
      ['2', 'new', '2026-02-28', '2026-03-01', 'full', false],
      ['3', null, null, '2026-03-01', 'full', false],
      ['1', 'paid', '2026-02-27', '2026-03-02', 'incremental', false],
      ['2', null, null, '2026-03-02', 'incremental', true],
      ['4', 'new', '2026-03-01', '2026-03-02', 'incremental', false],
    ]);
  });

  it('shows each row as it was delivered last, and none that is gone', async () => {
    const athena = await open();
    const rows = await athena.rows('SELECT id, state, amount, ordered_at, "order", event_date, _ingestion_ts FROM bronze.orders_latest ORDER BY id');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['1', 'paid', '10.50', '2026-02-27 10:00:00.123456', [1, 2], '2026-02-27', '2026-03-02 02:00:00'],
      ['3', null, null, null, null, null, '2026-03-01 02:00:00'],
      ['4', 'new', '-0.01', '2026-03-01 08:00:00', [7], '2026-03-01', '2026-03-02 02:00:00'],
    ]);
  });

  it('counts rows by load and entity, as the named query shows them', async () => {
    const athena = await open();
    expect((await athena.rows(BRONZE_COUNTS.sql)).map((row) => Object.values(row))).toEqual([
      ['2026-03-02', 'incremental', 'orders', '3'],
      ['2026-03-02', 'incremental', 'payments', '1'],
      ['2026-03-01', 'full', 'orders', '3'],
    ]);
    expect(await athena.rows('SELECT sum(deleted_count)::INT AS gone FROM bronze.counts')).toEqual([{ gone: 1 }]);
  });

  it('sees no ingestion date before the first one that it is told of', async () => {
    const athena = await open({ since: '2026-03-02' });
    expect(await athena.rows('SELECT DISTINCT ingestion_date FROM bronze.orders')).toEqual([{ ingestion_date: '2026-03-02' }]);
  });

  it('has no view of the latest rows where nobody knows the key', async () => {
    const { statements } = await shop.athena({ bronze: { bucket: BUCKET, entities: [shop.entity('orders')] } });
    expect(statements.map(({ name }) => name)).toEqual(['bronze', 'bronze.orders', 'bronze.orders_dated', 'bronze.counts', 'Bronze data counts']);
  });
});

describe('an entity whose columns became wider', () => {
  let shop: Shop;
  const columns = (...types: readonly string[]) => types.map((type, n) => ({ name: `c${n}`, type }));
  beforeAll(async () => {
    shop = openShop();
    const early = columns('integer', 'integer', 'numeric(6,2)', 'boolean', 'real', 'date', 'integer[]', 'numeric(10,2)');
    const late = [
      ...columns('bigint', 'text', 'numeric(12,4)', 'text', 'double precision', 'text', 'bigint[]', 'double precision'),
      { name: 'added', type: 'date' },
    ];
    await shop.copy({ entity: 'wide', ingestionDate: '2026-03-01' }, early, [
      lines(
        ['2147483647', '-7', '1234.56', 't', '0.5', '2024-02-29', '{1,NULL}', '5.10'],
        Array.from({ length: 8 }, () => null),
      ),
    ]);
    await shop.copy({ entity: 'wide', ingestionDate: '2026-03-02' }, late, [
      lines(['9223372036854775807', 'seven', '12345678.9012', 'maybe', '1e+300', 'someday', '{9223372036854775807}', 'NaN', '2026-03-02']),
    ]);
  });
  afterAll(() => shop.close());

  it('is read by name as one, with the widest type of each and every value as it was', async () => {
    const { athena } = await shop.athena({ bronze: { bucket: BUCKET, entities: [shop.entity('wide', { key: ['c0'] })] } });
    const types = athena.types('bronze.wide').filter(({ column }) => !column.startsWith('_'));
    expect(types.map(({ declared }) => declared)).toEqual([
      'BIGINT',
      'VARCHAR',
      'DECIMAL(12,4)',
      'VARCHAR',
      'DOUBLE',
      'VARCHAR',
      'BIGINT[]',
      'VARCHAR',
      'DATE',
    ]);
    for (const { declared, found } of types) expect(found).toBe(declared);
    const rows = await athena.rows('SELECT c0, c1, c2, c3, c4, c5, c6, c7, added FROM bronze.wide ORDER BY ingestion_date, c0 NULLS LAST');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['2147483647', '-7', '1234.5600', 'true', 0.5, '2024-02-29', ['1', null], '5.10', null],
      Array.from({ length: 9 }, () => null),
      ['9223372036854775807', 'seven', '12345678.9012', 'maybe', 1e300, 'someday', ['9223372036854775807'], 'NaN', '2026-03-02'],
    ]);
  });

  it('says which columns Athena refuses to read in the older files, and what to do', async () => {
    const { statements } = await shop.athena({ bronze: { bucket: BUCKET, entities: [shop.entity('wide', { key: ['c0'] })] } });
    const { notes = [] } = statements.find(({ name }) => name === 'bronze.wide') ?? {};
    expect(
      notes.map((note) => /^The column "(\w+)" is (\S+) since schema version 2, and (\S+) in files of version 1: .*--since/.exec(note)?.slice(1)),
    ).toEqual([
      ['c1', 'string', 'int32'],
      ['c3', 'string', 'boolean'],
      ['c5', 'string', 'date'],
      ['c6', 'list<int64>', 'list<int32>'],
      ['c7', 'string', 'decimal(10,2)'],
    ]);
  });
});

it('an entity without files is an empty table, and names that need quotes are quoted', async () => {
  const shop = openShop();
  const columns = [
    { name: 'User Name', type: 'string' },
    { name: 'a"b', type: 'int64' },
    { name: 'a,b', type: 'int64' },
    { name: 'never', type: null },
  ];
  const { athena, statements } = await shop.athena(
    { bronze: { bucket: BUCKET, entities: [{ entity: 'order', versions: [{ version: 1, columns }], key: ['User Name', 'a"b'] }] } },
    { replace: true },
  );
  expect(await athena.rows('SELECT * FROM bronze."order_latest"')).toEqual([]);
  expect(
    athena
      .types('bronze.order')
      .slice(0, 2)
      .map(({ column }) => column),
  ).toEqual(['user name', 'a"b']);
  const { notes = [] } = statements.find(({ kind }) => kind === 'table') ?? {};
  expect(notes).toEqual([
    'Athena promises names of a to z, 0 to 9 and _ alone: try "user name" before you rely on it.',
    'Athena promises names of a to z, 0 to 9 and _ alone: try "a\\"b" before you rely on it.',
    `The column "a,b" is left out: a table of Glue can't have a column of that name. Other readers see it.`,
  ]);
  for (const { kind, sql } of statements) if (kind === 'drop' || kind === 'table') await athena.run(sql);
  shop.close();
});

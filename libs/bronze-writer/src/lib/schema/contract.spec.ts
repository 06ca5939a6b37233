import type { Json, JsonObject } from '@loadin/pipeline';
import { copyRows, createLake, type Lake } from '../readers.fixture.js';
import type { BronzeReport, QuarantinedRow } from '../../index.js';
import { parseTypeName, typeName, type ColumnType } from './column-type.js';
import type { SchemaColumn } from './table-schema.js';

const column = (name: string, type: string): SchemaColumn => ({ name, type: parseTypeName(type) as ColumnType });
const typesOf = ({ schema }: BronzeReport): string[] =>
  schema.columns.map(({ name, type }) => `${name} ${type === undefined ? '?' : typeName(type)}`);

describe('the contract of an entity', () => {
  let lake: Lake;
  let quarantined: QuarantinedRow[];
  const onQuarantined = (row: QuarantinedRow): void => void quarantined.push(row);
  beforeEach(() => {
    lake = createLake();
    quarantined = [];
  });
  afterEach(() => lake.remove());

  describe('with records', () => {
    it('evolves: new columns, wider types, in one schema when all rows wait together', async () => {
      const records: JsonObject[] = [{ a: 1, n: null }, { a: 2.5, b: ['x'] }, { b: null, c: { deep: [1] } }, { a: -0 }];
      const report = await lake.records([records.slice(0, 3), ...records.slice(3)]);
      expect(typesOf(report)).toEqual(['a double', 'n ?', 'b list<string>', 'c string']);
      expect(report.schema.version).toBe(1);
      expect(await lake.rows('select a, b, c from lake')).toEqual([
        { a: 1, b: null, c: null },
        { a: 2.5, b: ['x'], c: null },
        { a: null, b: null, c: '{"deep":[1]}' },
        { a: -0, b: null, c: null },
      ]);
    });

    it.each<[string, Json, string, unknown]>([
      ['timestamptz', 'soon', 'string', 'soon'],
      ['timestamptz', '2026-01-01T00:00:00', 'string', '2026-01-01T00:00:00'],
      ['timestamptz', '2026-01-01T00:00:00.123456789Z', 'string', '2026-01-01T00:00:00.123456789Z'],
      ['timestamptz', '2026-01-01T02:00:00.5+02:00', 'timestamptz', '2026-01-01 00:00:00.5+00'],
      ['timestamp', '2026-02-29T00:00:00', 'string', '2026-02-29T00:00:00'],
      ['date', '2026-13-01', 'string', '2026-13-01'],
      ['decimal(4,2)', 12.5, 'decimal(4,2)', '12.50'],
      ['decimal(4,2)', '12.345', 'string', '12.345'],
      ['decimal(4,2)', '012.5', 'string', '012.5'],
      ['decimal(4,2)', 123.4, 'string', '123.4'],
      ['int64', '9007199254740993', 'int64', '9007199254740993'],
      ['int64', '007', 'string', '007'],
      ['int64', 1.5, 'string', '1.5'],
      ['integer', 9007199254740992, 'double', 9007199254740992],
      ['int32', 2147483648, 'integer', '2147483648'],
      ['double', '0.1', 'double', 0.1],
      ['double', '0.10000000000000000001', 'string', '0.10000000000000000001'],
      ['float', 0.1, 'double', 0.1],
      ['float', -0, 'float', -0],
      ['boolean', 'true', 'string', 'true'],
      ['list<integer>', [1, 2.5], 'list<double>', [1, 2.5]],
      ['list<integer>', [[1]], 'string', '[[1]]'],
      ['list<integer>', 7, 'string', '7'],
      ['string', [1, 'a', null], 'string', '[1,"a",null]'],
    ])('a column %s that gets %j is %s and reads %j', async (declared, value, type, read) => {
      const report = await lake.records([{ v: value }], { columns: [column('v', declared)] });
      expect(typesOf(report)).toEqual([`v ${type}`]);
      expect(await lake.rows('select v from lake')).toEqual([{ v: read }]);
    });

    it('goes on in another part, with the next version, when a file was begun before a type became wider', async () => {
      const records = Array.from({ length: 3_000 }, (_, n): JsonObject => ({ id: n, v: n < 2_000 ? n : `t${n}` }));
      const { parts, schema } = await lake.records(records, { rowGroupBytes: 20_000 });
      expect(parts.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 2]);
      expect(schema).toMatchObject({ version: 2 });
      expect(await lake.rows('select count(*)::INT as rows, max(v) as last, min(v) as first from lake')).toEqual([
        { rows: 3_000, first: '0', last: 't2999' },
      ]);
    });

    it('freezes: a new column or type is an error that says what to do', async () => {
      const { schema } = await lake.records([{ a: 1 }]);
      const frozen = (record: JsonObject): Promise<unknown> =>
        lake.records([record], { schema, contract: 'freeze' }).catch((error: unknown) => error);
      expect(await frozen({ a: 'x' })).toMatchObject({
        action: 'fatal',
        message: 'The column "a" is integer, and a value is not; the contract of the entity is freeze',
      });
      expect(await frozen({ b: 1 })).toMatchObject({
        message: expect.stringContaining('no column "b"') as string,
        hint: expect.stringContaining('evolve') as string,
      });
      expect(await frozen({ a: 2 })).toMatchObject({ rows: 1, schema });
      expect(await lake.rows('select count(*)::INT as rows from lake')).toEqual([{ rows: 1 }]);
    });

    it('quarantines: rows that do not fit are handed over as they were, the others are written', async () => {
      const { schema } = await lake.records([{ a: 1, b: 'x' }], { entity: 'before' });
      const records: JsonObject[] = [{ a: 2 }, { a: 'two' }, { a: 3, c: null }, { a: 4, b: '\ud800' }, { a: 5, b: null }];
      const report = await lake.records(records, { schema, contract: 'quarantine', onQuarantined });
      expect(report).toMatchObject({ rows: 2, quarantined: 3, schema });
      expect(quarantined.map(({ column: name, text }) => [name, JSON.parse(text) as unknown])).toEqual([
        ['a', records[1]],
        ['c', records[2]],
        ['b', records[3]],
      ]);
    });

    it('names columns that a file can not have as they are', async () => {
      const { parts } = await lake.records([JSON.parse('{"":1,"\\ud800":2,"\\udfff":3,"__proto__":4,"constructor":5}') as JsonObject]);
      const described = await lake.rows('select column_name from (describe from lake) limit 5');
      expect(described.map(({ column_name: name }) => name)).toEqual(['_2', '\ufffd', '\ufffd_2', '__proto__', 'constructor']);
      expect(await lake.rows('select "_2" || "\ufffd" || "\ufffd_2" || "__proto__" || constructor as all from lake')).toEqual([{ all: '12345' }]);
      expect(parts).toHaveLength(1);
    });

    it('names columns apart that readers would take for one', async () => {
      await lake.records([{ Id: 1, id: 2, event_date: 'x', _record_hash: 'mine' }]);
      expect(await lake.rows('select "Id", "id_2", "event_date_2", "_record_hash_2" from lake')).toEqual([
        { Id: '1', id_2: '2', event_date_2: 'x', _record_hash_2: 'mine' },
      ]);
    });
  });

  describe('with rows of COPY', () => {
    const columns = [
      { name: 'id', type: 'integer' },
      { name: 'at', type: 'timestamp with time zone' },
      { name: 'n', type: 'numeric(4,1)' },
      { name: 'l', type: 'integer[]' },
    ];
    const good = ['1', '2026-01-01 00:00:00+00', '1.5', '{1}'];
    const bad: [string, (string | null)[]][] = [
      ['at', ['2', 'infinity', '1.5', '{1}']],
      ['at', ['3', '294276-12-31 23:59:59.999999+00', null, null]],
      ['n', ['4', null, 'NaN', null]],
      ['l', ['5', null, null, '{{1,2},{3,4}}']],
      ['l', ['6', null, null, '[0:1]={1,2}']],
    ];
    const text = copyRows([good, ...bad.map(([, row]) => row), ['7', '-infinity', null, null]]);

    it('evolves to the text of the source', async () => {
      const report = await lake.copy(columns, text);
      expect(typesOf(report)).toEqual(['id int32', 'at string', 'n string', 'l string']);
      expect(await lake.rows('select id::VARCHAR as id, "at", n, l from lake')).toEqual(
        [good, ...bad.map(([, row]) => row), ['7', '-infinity', null, null]].map(([id, at, n, l]) => ({ id, at, n, l })),
      );
    });

    it('quarantines each row that does not fit, with its first reason', async () => {
      const report = await lake.copy(columns, text, { contract: 'quarantine', onQuarantined, sortBy: ['at'] });
      expect(report).toMatchObject({ rows: 1, quarantined: 6 });
      expect(quarantined.map(({ column: name, text: row }) => [name, row.split('\t')[0]])).toEqual([
        ...bad.map(([name, [id]]) => [name, id]),
        ['at', '7'],
      ]);
      expect(await lake.rows('select id from lake')).toEqual([{ id: 1 }]);
    });

    it.each([
      ['double', '0.12345678901234567890'],
      ['double', '1.10'],
      ['double', 'constructor'],
      ['float', '0.1'],
      ['int32', '007'],
      ['decimal(5,2)', '01.5'],
    ])('a text that is declared %s and is %s stays one', async (type, value) => {
      const report = await lake.copy([{ name: 'v', type: 'text' }], `${value}\n`, { columns: [column('v', type)] });
      expect(typesOf(report)).toEqual(['v string']);
      expect(await lake.rows('select v from lake')).toEqual([{ v: value }]);
    });

    it.each([
      ['double', 'real', '1e+20', 1e20],
      ['decimal(38,4)', 'numeric', '-12.5', '-12.5000'],
      ['int64', 'text', '-9223372036854775808', '-9223372036854775808'],
    ])('declared %s, a %s that is %s is taken', async (type, postgres, value, read) => {
      const report = await lake.copy([{ name: 'v', type: postgres }], `${value}\n`, { columns: [column('v', type)] });
      expect(typesOf(report)).toEqual([`v ${type}`]);
      expect(await lake.rows('select v from lake')).toEqual([{ v: read }]);
    });

    describe('that are no Unicode, as a database with the encoding SQL_ASCII has them', () => {
      const line = (id: number, text: string, list: string): Buffer => Buffer.from(`${id}\t${text}\t${list}\n`, 'latin1');
      const mixed = [
        { name: 'id', type: 'integer' },
        { name: 't', type: 'text' },
        { name: 'n', type: 'numeric(4,1)' },
      ];
      const rows = [
        line(1, 'plain', '1.0'),
        line(2, 'caf\xe9', '2.0'),
        line(3, 'x', 'NaN'),
        line(4, 'z'.repeat(70) + '\xff', 'NaN'),
        line(5, 'y', '\xff'),
      ];

      it('leaves those rows out, and only those', async () => {
        const report = await lake.copy(mixed, rows, { onQuarantined });
        expect(report).toMatchObject({ rows: 2, quarantined: 3 });
        expect(quarantined.map(({ column: name, text: row }) => [name, row.split('\t')[0]]).sort()).toEqual([
          ['n', '5'],
          ['t', '2'],
          ['t', '4'],
        ]);
        expect(await lake.rows('select id, t, n from lake')).toEqual([
          { id: 1, t: 'plain', n: '1.0' },
          { id: 3, t: 'x', n: 'NaN' },
        ]);
      });

      it('fails when nobody takes them', async () => {
        await expect(lake.copy(mixed, rows)).rejects.toMatchObject({ action: 'fatal', message: expect.stringContaining('no Unicode') as string });
      });
    });

    it('freezes', async () => {
      await expect(lake.copy(columns, text, { contract: 'freeze' })).rejects.toMatchObject({
        message: expect.stringContaining('"at" is timestamptz') as string,
      });
    });

    it("follows a table's change: a new column, a wider type, a column that is gone", async () => {
      const { schema } = await lake.copy(
        [
          { name: 'gone', type: 'text' },
          { name: 'n', type: 'integer' },
        ],
        'x\t1\n',
      );
      const changed = [
        { name: 'n', type: 'bigint' },
        { name: 'fresh', type: 'boolean' },
      ];
      await expect(lake.copy(changed, '2\tt\n', { schema, contract: 'freeze' })).rejects.toMatchObject({
        message: 'The source\'s column "n" is int64 now and was int32, and the contract of the entity is freeze',
      });
      const report = await lake.copy(changed, '9007199254740993\tt\n', { schema, ingestionDate: '2026-03-02' });
      expect(report.schema).toMatchObject({ version: 2 });
      expect(typesOf(report)).toEqual(['gone string', 'n int64', 'fresh boolean']);
      expect(await lake.rows('select gone, n, fresh from lake order by n')).toEqual([
        { gone: 'x', n: '1', fresh: null },
        { gone: null, n: '9007199254740993', fresh: true },
      ]);
    });
  });
});

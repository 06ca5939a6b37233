import fc from 'fast-check';
import type { Client } from 'pg';
import { describeTable } from '../catalogue/describe.js';
import type { Table } from '../catalogue/types.js';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { decodeRow } from '../copy/decode.js';
import { connectTo, createDatabase } from '../server.fixture.js';
import { parseArray } from '../types/array-text.js';
import { canonicalRow } from '../types/values.js';
import { readRecords, readTable } from './read-table.js';

const signal = new AbortController().signal;

describe('values of a table', () => {
  let client: Client;
  let connection: ConnectionSettings;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ client, connection, close } = await createDatabase());
    // Defaults that would print values otherwise: the role's are not the reader's.
    await client.query(`ALTER ROLE postgres SET extra_float_digits = '-10'; ALTER ROLE postgres SET datestyle = 'German'; ALTER ROLE postgres SET bytea_output = 'escape';
      ALTER ROLE postgres SET timezone = 'Asia/Kolkata'; ALTER ROLE postgres SET intervalstyle = 'iso_8601'`);
  });
  afterAll(async () => {
    await client.query('ALTER ROLE postgres RESET ALL');
    await close();
  });

  const table = async (name: string): Promise<Table> => {
    const session = await openSession({ connection });
    return describeTable(session, name).finally(() => session.end());
  };
  const rows = async (name: string): Promise<(string | null)[][]> => {
    const { blocks } = readTable({ table: await table(name) }, { connection, signal });
    const found: (string | null)[][] = [];
    for await (const block of blocks) for (let i = 0; i < block.count; i += 1) found.push(decodeRow(block, i));
    return found;
  };

  it('are exactly as Postgres has them, of every type', async () => {
    await client.query(`
      CREATE SCHEMA odd; CREATE TYPE odd."Mood" AS ENUM ('so "so"', 'ok,', 'glad'); CREATE DOMAIN odd.email AS text NOT NULL CHECK (VALUE LIKE '%@%');
      CREATE DOMAIN odd.price AS numeric(10,2); CREATE TYPE odd.point3 AS (x int, y int, note text);
      CREATE TABLE everything (
        id bigint PRIMARY KEY, i2 int2, i4 int4, i8 int8, n numeric, n12 numeric(12,2), nn numeric(5,-2), f4 float4, f8 float8, b bool, t text, v varchar(10), c char(5),
        bytes bytea, d date, ti time, tz timetz, ts timestamp, tstz timestamptz, iv interval, u uuid, j json, jb jsonb, x xml, bi bit(4), vb varbit, ip inet, net cidr,
        mac macaddr, m odd."Mood", e odd.email DEFAULT 'a@b', p odd.price, r int4range, mr int4multirange, tr tstzrange, comp odd.point3, ai int[], at text[], am odd."Mood"[],
        ats timestamptz[], a2 int[][], ap odd.price[], bx box[], o oid, mo money, pt point, tv tsvector, "odd ""name"", é" text);
      INSERT INTO everything (id, i2, i4, i8, n, n12, nn, f4, f8, b, t, v, c, bytes, d, ti, tz, ts, tstz, iv, u, j, jb, x, bi, vb, ip, net, mac, m, e, p, r, mr, tr, comp, ai, at, am, ats, a2, ap, bx, o, mo, pt, tv,
        "odd ""name"", é") VALUES
       (1, -32768, 2147483647, 9223372036854775807, 12345678901234567890123456789.1234567890123456789, 1.10, 12345, 0.1, 0.1, true, '', 'é', 'ab', '\\x00ff5c0a', '2024-02-29', '24:00:00',
        '01:02:03.456789+05:30', '2024-01-15 10:30:00.123456', '2024-01-15 10:30:00.1+05:30', '1 year 2 mons -3 days 04:05:06.7', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"b": 1, "a":  1.50}',
        '{"b": 1, "a": 1.50}', '<a>b</a>', B'0101', B'1', '::1/128', '10.0.0.0/8', '08:00:2b:01:02:03', 'so "so"', 'x@y', 1.5, '[1,5)', '{[1,3),[5,9)}', '[2024-01-01 00:00+05:30,)', ROW(1, NULL, 'a,b"'),
        '{1,NULL,3}', ARRAY['', 'NULL', NULL, 'a"b', 'a\\b', 'a,b', E'tab\\there'], ARRAY['ok,', NULL]::odd."Mood"[], ARRAY['2024-01-15 10:30:00+05:30', 'infinity']::timestamptz[], '{{1,2},{3,4}}',
        '{1.50,2}', '{(1,1),(0,0);(2,2),(0,0)}', 4294967295, 12.34, '(1,2)', 'fat:2 cat', 'odd'),
       (2, 0, 0, -9223372036854775808, 'NaN', NULL, NULL, 'NaN', '-Infinity', false, NULL, NULL, NULL, '\\x', 'infinity', NULL, NULL, '-infinity', 'infinity', NULL, NULL, 'null', 'null', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        'a@b', 'NaN', 'empty', '{}', NULL, NULL, '{}', '{}', NULL, NULL, '[0:1]={7,8}', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
       (3, NULL, NULL, NULL, 'Infinity', NULL, NULL, '-0', 1e-7, NULL, E'\\\\N', E'\\b\\f\\n\\r\\t\\v', NULL, NULL, '4713-01-01 BC', NULL, NULL, '294276-12-31 23:59:59.999999', '0001-01-01 00:00:00+00 BC', NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, '\\@.', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`);
    const { columns } = await table('everything');
    const [one = [], two = [], three = []] = await rows('everything');
    const shown = (fields: readonly (string | null)[]): Record<string, string | null> =>
      Object.fromEntries(columns.map(({ name }, index) => [name, fields[index] ?? null]));
    expect(shown(one)).toEqual({
      ...{
        id: '1',
        i2: '-32768',
        i4: '2147483647',
        i8: '9223372036854775807',
        n: '12345678901234567890123456789.1234567890123456789',
        n12: '1.10',
        nn: '12300',
      },
      ...{
        f4: '0.1',
        f8: '0.1',
        b: 't',
        t: '',
        v: 'é',
        c: 'ab   ',
        bytes: '\\x00ff5c0a',
        d: '2024-02-29',
        ti: '24:00:00',
        tz: '01:02:03.456789+05:30',
      },
      ...{
        ts: '2024-01-15 10:30:00.123456',
        tstz: '2024-01-15 05:00:00.1+00',
        iv: '1 year 2 mons -3 days +04:05:06.7',
        u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      },
      ...{
        j: '{"b": 1, "a":  1.50}',
        jb: '{"a": 1.50, "b": 1}',
        x: '<a>b</a>',
        bi: '0101',
        vb: '1',
        ip: '::1',
        net: '10.0.0.0/8',
        mac: '08:00:2b:01:02:03',
      },
      ...{
        m: 'so "so"',
        e: 'x@y',
        p: '1.50',
        r: '[1,5)',
        mr: '{[1,3),[5,9)}',
        tr: '["2023-12-31 18:30:00+00",)',
        comp: '(1,,"a,b""")',
        ai: '{1,NULL,3}',
      },
      ...{
        at: '{"","NULL",NULL,"a\\"b","a\\\\b","a,b","tab\there"}',
        am: '{"ok,",NULL}',
        ats: '{"2024-01-15 05:00:00+00",infinity}',
        a2: '{{1,2},{3,4}}',
      },
      ...{ ap: '{1.50,2.00}', bx: '{(1,1),(0,0);(2,2),(0,0)}', o: '4294967295', mo: '$12.34', pt: '(1,2)', tv: "'cat' 'fat':2" },
      'odd "name", é': 'odd',
    });
    expect(shown(two)).toMatchObject({
      ...{
        i8: '-9223372036854775808',
        n: 'NaN',
        f4: 'NaN',
        f8: '-Infinity',
        b: 'f',
        t: null,
        bytes: '\\x',
        d: 'infinity',
        ts: '-infinity',
        tstz: 'infinity',
      },
      ...{ j: 'null', jb: 'null', p: 'NaN', r: 'empty', mr: '{}', ai: '{}', a2: '[0:1]={7,8}', m: null },
    });
    expect(shown(three)).toMatchObject({
      ...{
        n: 'Infinity',
        f4: '-0',
        f8: '1e-07',
        t: '\\N',
        v: '\b\f\n\r\t\v',
        d: '4713-01-01 BC',
        ts: '294276-12-31 23:59:59.999999',
        tstz: '0001-01-01 00:00:00+00 BC',
        e: '\\@.',
      },
    });
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      ...{
        i8: { tag: 'int8' },
        n: { tag: 'numeric', sql: 'numeric' },
        n12: { sql: 'numeric(12,2)', precision: 12, scale: 2 },
        nn: { precision: 5, scale: -2 },
      },
      ...{ c: { tag: 'text' }, m: { tag: 'enum', sql: 'odd."Mood"', labels: ['so "so"', 'ok,', 'glad'] }, e: { tag: 'text', domain: 'odd.email' } },
      ...{
        p: { tag: 'numeric', precision: 10, scale: 2, domain: 'odd.price' },
        r: { tag: 'range' },
        mr: { tag: 'range' },
        comp: { tag: 'composite' },
      },
      ...{
        am: { tag: 'array', sql: 'odd."Mood"[]', element: { tag: 'enum' } },
        ap: { tag: 'array', element: { tag: 'numeric', domain: 'odd.price' } },
      },
      ...{ bx: { tag: 'array', delimiter: ';', element: { tag: 'other' } }, mo: { tag: 'money' }, tv: { tag: 'other' }, ip: { tag: 'network' } },
    });
    expect(types['n']).not.toHaveProperty('precision');

    const [first, second] = [canonicalRow(columns)(one), JSON.parse(canonicalRow(columns)(two)) as Record<string, unknown>];
    expect(first).toContain('"i8":9223372036854775807,');
    expect(first).toContain('"n":12345678901234567890123456789.1234567890123456789,"n12":1.10,');
    expect(first).toContain('"b":true,');
    expect(second).toMatchObject({ n: 'NaN', f8: '-Infinity', b: false, t: null, ai: '{}' });

    const records = [];
    for await (const record of readRecords({ table: await table('everything'), columns: ['id', 'i4', 'f8', 'b', 't', 'n'] }, { connection, signal }))
      records.push(record);
    expect(records).toEqual([
      { id: '1', i4: 2147483647, f8: 0.1, b: true, t: '', n: '12345678901234567890123456789.1234567890123456789' },
      { id: '2', i4: 0, f8: '-Infinity', b: false, t: null, n: 'NaN' },
      { id: '3', i4: null, f8: 1e-7, b: null, t: '\\N', n: 'Infinity' },
    ]);
  });

  it('come out as they went in, whatever the texts (property)', async () => {
    await client.query('CREATE TABLE texts (id int PRIMARY KEY, t text, list text[], bytes bytea)');
    const unit = fc.constantFrom(...'aé😀 \u0001\u007f\u0085\u2028\uffff\t\n\r\b\f\v\\N"{},.;[]=:NULL');
    const text = fc.string({ unit, maxLength: 20 });
    const value = fc.record({
      t: fc.option(text),
      list: fc.array(fc.option(text), { maxLength: 5 }),
      bytes: fc.uint8Array({ maxLength: 20 }),
    });
    const sample = fc.sample(value, { seed: 7, numRuns: 1_000 });
    await client.query(
      "INSERT INTO texts SELECT n, t, ARRAY(SELECT json_array_elements_text(l)), decode(h, 'hex') FROM json_to_recordset($1) AS r (n int, t text, l json, h text)",
      [JSON.stringify(sample.map(({ t, list, bytes }, n) => ({ n, t, l: list, h: Buffer.from(bytes).toString('hex') })))],
    );
    const found = await rows('texts');
    expect(found).toHaveLength(sample.length);
    found.forEach(([id, t, list, bytes], index) => {
      const expected = sample[index] as (typeof sample)[number];
      expect([id, t, bytes]).toEqual([String(index), expected.t, `\\x${Buffer.from(expected.bytes).toString('hex')}`]);
      expect(parseArray(list ?? '').elements).toEqual(expected.list);
    });
    // What Postgres prints for each, by another way than COPY.
    const printed = await client.query<{ t: string | null; list: string }>('SELECT t, list::text AS list FROM texts ORDER BY id');
    expect(found.map(([, t, list]) => ({ t, list }))).toEqual(printed.rows);
  });

  it('may be larger than any buffer', async () => {
    await client.query(
      `CREATE TABLE large (id int PRIMARY KEY, t text); INSERT INTO large SELECT n, repeat(chr(9) || 'é\\', n * 1000) FROM generate_series(1, 20) n`,
    );
    const found = await rows('large');
    expect(found.map(([, t]) => t?.length)).toEqual(Array.from({ length: 20 }, (_, i) => (i + 1) * 3_000));
    expect(found[19]?.[1]?.slice(0, 6)).toBe('\té\\\té\\');
  });

  it('of a database without an encoding are refused when they are not UTF-8, never changed', async () => {
    await client.query(`CREATE DATABASE ${connection.database}_bytes ENCODING 'SQL_ASCII' TEMPLATE template0`);
    const bytes = { ...connection, database: `${connection.database}_bytes` };
    const writer = await connectTo(bytes);
    await writer.query(`CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'é')`);
    const read = async (): Promise<unknown[]> => {
      const described = await openSession({ connection: bytes });
      const found = await describeTable(described, 't').finally(() => described.end());
      const records: unknown[] = [];
      for await (const record of readRecords({ table: found }, { connection: bytes, signal })) records.push(record);
      return records;
    };
    expect(await read()).toEqual([{ id: 1, v: 'é' }]);
    await writer.query(`INSERT INTO t SELECT 2, convert_from('\\xe9'::bytea, 'SQL_ASCII')`);
    await expect(read()).rejects.toMatchObject({
      action: 'fatal',
      message: expect.stringMatching(/^A text in database .* is not UTF-8 \(reading public.t\)$/),
    });
    await writer.end();
  });
});

describe('parseArray', () => {
  it.each([
    ['{}', 0, true, []],
    ['{1,NULL,"NULL"}', 1, true, ['1', null, 'NULL']],
    [
      '{{a,b},{c,NULL}}',
      2,
      true,
      [
        ['a', 'b'],
        ['c', null],
      ],
    ],
    ['[0:1]={7,8}', 1, false, ['7', '8']],
    ['[1:2][1:1]={{x},{y}}', 2, true, [['x'], ['y']]],
  ])('reads %s', (text, dimensions, startsAtOne, elements) => {
    expect(parseArray(text)).toEqual({ dimensions, startsAtOne, elements });
  });

  it.each(['', '{', '{a', '{"a}', '{a}b', 'a', '{a"b'])('refuses %j', (text) => {
    expect(() => parseArray(text)).toThrow(SyntaxError);
  });
});

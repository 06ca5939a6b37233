import { join } from 'node:path';
import { copyRows, createLake, duckdb, hyparquet, type Lake } from './readers.fixture.js';
import type { Compression } from './parquet/compression.js';

/**
 * A Postgres type, what its column is to DuckDB, and values: as Postgres prints them, as a constant of DuckDB when its own cast of that text is not the same,
 * and as hyparquet reads them where that is exact.
 */
interface TypeCase {
  readonly postgres: string;
  readonly duckdb: string;
  readonly values: readonly (readonly [text: string, constant?: string, read?: unknown])[];
}

const DAY = 86_400_000_000n;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const long = 'é'.repeat(5_000);

const cases: readonly TypeCase[] = [
  {
    postgres: 'boolean',
    duckdb: 'BOOLEAN',
    values: [
      ['t', 'true', true],
      ['f', 'false', false],
    ],
  },
  {
    postgres: 'smallint',
    duckdb: 'INTEGER',
    values: [
      ['-32768', undefined, -32768],
      ['0', undefined, 0],
    ],
  },
  {
    postgres: 'integer',
    duckdb: 'INTEGER',
    values: [
      ['2147483647', undefined, 2147483647],
      ['-2147483648', undefined, -2147483648],
    ],
  },
  {
    postgres: 'bigint',
    duckdb: 'BIGINT',
    values: [
      '9223372036854775807',
      '-9223372036854775808',
      '9007199254740993',
      '-9007199254740993',
      '999999999999999',
      '-1',
      '4294967296',
      '-4294967297',
    ].map((text) => [text, undefined, BigInt(text)]),
  },
  {
    postgres: 'real',
    duckdb: 'FLOAT',
    values: [
      ['3.4028235e+38'],
      ['1e-45'],
      ['0.1', undefined, Math.fround(0.1)],
      ['-0', undefined, -0],
      ['NaN', undefined, NaN],
      ['-Infinity', undefined, -Infinity],
      ['1.17549435e-38'],
      ['16777216'],
    ],
  },
  {
    postgres: 'double precision',
    duckdb: 'DOUBLE',
    values: [
      '1.7976931348623157e+308',
      '5e-324',
      '0.1',
      '-0',
      '9007199254740993',
      'NaN',
      'Infinity',
      '-Infinity',
      '1e+100',
      '123456789.123456789',
    ].map((text) => [text, undefined, Number(text)]),
  },
  { postgres: 'numeric(9,2)', duckdb: 'DECIMAL(9,2)', values: [['9999999.99'], ['-9999999.99'], ['0.01'], ['-0.01'], ['5'], ['0.00']] },
  { postgres: 'numeric(4,4)', duckdb: 'DECIMAL(4,4)', values: [['0.0001'], ['-0.9999']] },
  {
    postgres: 'numeric(18,6)',
    duckdb: 'DECIMAL(18,6)',
    values: [['999999999999.999999'], ['-999999999999.999999'], ['0.000001'], ['123456789.000000']],
  },
  { postgres: 'numeric(19,0)', duckdb: 'DECIMAL(19,0)', values: [['9999999999999999999'], ['-9999999999999999999'], ['1'], ['-1']] },
  {
    postgres: 'numeric(38,10)',
    duckdb: 'DECIMAL(38,10)',
    values: [
      ['9999999999999999999999999999.9999999999'],
      ['-9999999999999999999999999999.9999999999'],
      ['12345678901234.5678'],
      ['-0.0000000001'],
      ['0'],
    ],
  },
  {
    postgres: 'numeric',
    duckdb: 'VARCHAR',
    values: [['123456789012345678901234567890123456789012345.1234567890'], ['NaN'], ['-Infinity'], ['1.10']],
  },
  {
    postgres: 'date',
    duckdb: 'DATE',
    values: [
      ['1970-01-01', undefined, 0],
      ['1969-12-31', undefined, -1],
      ['2024-02-29', undefined, 19782],
      ['1900-03-01', undefined, -25508],
      ['0001-01-01', undefined, -719162],
      ['0001-12-31 BC', "DATE '0001-12-31 (BC)'", -719163],
      ['4713-11-24 BC', "DATE '4713-11-24 (BC)'"],
      ['9999-12-31', undefined, 2932896],
      ['10000-01-01', undefined, 2932897],
      ['5874897-12-31', undefined, 2145042905],
    ],
  },
  {
    postgres: 'timestamp without time zone',
    duckdb: 'TIMESTAMP',
    values: [
      ['1970-01-01 00:00:00', undefined, 0n],
      ['1969-12-31 23:59:59.999999', undefined, -1n],
      ['2024-02-29 23:59:59.1', undefined, 19782n * DAY + DAY - 900_000n],
      ['2300-01-01 00:00:00.000001', undefined, 120530n * DAY + 1n],
      ['0044-03-15 12:00:00 BC', "TIMESTAMP '0044-03-15 (BC) 12:00:00'"],
      ['294246-12-31 23:59:59.999999', undefined],
    ],
  },
  {
    postgres: 'timestamp(6) with time zone',
    duckdb: 'TIMESTAMP WITH TIME ZONE',
    values: [
      ['2024-01-15 10:30:45.123456+00', undefined, 19737n * DAY + 37_845_123_456n],
      ['2024-01-15 10:30:45.123456+05:30', "TIMESTAMPTZ '2024-01-15 05:00:45.123456+00'"],
      ['1883-11-18 12:03:58-04:56:02', "TIMESTAMPTZ '1883-11-18 17:00:00+00'"],
      ['0001-01-01 00:00:00+00', undefined, -719162n * DAY],
    ],
  },
  { postgres: 'time without time zone', duckdb: 'VARCHAR', values: [['24:00:00'], ['10:30:45.123456']] },
  { postgres: 'uuid', duckdb: 'VARCHAR', values: [['00000000-0000-0000-0000-000000000000']] },
  { postgres: 'interval', duckdb: 'VARCHAR', values: [['1 year 2 mons -3 days +04:05:06.789']] },
  { postgres: 'jsonb', duckdb: 'VARCHAR', values: [['{"b": 1, "a": "tab\\t \\"quoted\\" \\\\"}'], ['null']] },
  { postgres: 'int4range', duckdb: 'VARCHAR', values: [['[1,10)'], ['empty']] },
  {
    postgres: 'text',
    duckdb: 'VARCHAR',
    values: [
      [''],
      ['\\N'],
      ['NULL'],
      ['a\tb\nc\rd\be\ff\vg\\h'],
      ['\u0001\u001f\u007f'],
      ['Björk 🎵 \u2028'],
      ['\ufeffwith a mark'],
      [' padded  '],
      [long],
    ],
  },
  {
    postgres: 'bytea',
    duckdb: 'BLOB',
    values: [
      ['\\x', "''::BLOB", bytes()],
      ['\\x00ff7f80', "'\\x00\\xff\\x7f\\x80'::BLOB", bytes(0, 255, 127, 128)],
    ],
  },
  {
    postgres: 'bigint[]',
    duckdb: 'BIGINT[]',
    values: [
      ['{}', '[]::BIGINT[]', []],
      ['{NULL}', '[NULL]::BIGINT[]', [null]],
      ['{1,NULL,9223372036854775807}', '[1,NULL,9223372036854775807]', [1n, null, 9223372036854775807n]],
    ],
  },
  {
    postgres: 'text[]',
    duckdb: 'VARCHAR[]',
    values: [
      ['{a,"b c","q\\"uo\\\\te","NULL",NULL,"",🎵,"{x}","a,b"}', `['a','b c','q"uo\\te','NULL',NULL,'','🎵','{x}','a,b']`],
      ['{"line\nbreak"}', `['line' || chr(10) || 'break']`],
    ],
  },
  {
    postgres: 'boolean[]',
    duckdb: 'BOOLEAN[]',
    values: [['{t,f,NULL,t,t,t,t,t,t}', '[true,false,NULL,true,true,true,true,true,true]', [true, false, null, true, true, true, true, true, true]]],
  },
  {
    postgres: 'numeric(20,2)[]',
    duckdb: 'DECIMAL(20,2)[]',
    values: [['{-1.50,123456789012345678.99}', '[-1.50,123456789012345678.99]::DECIMAL(20,2)[]']],
  },
  { postgres: 'bytea[]', duckdb: 'BLOB[]', values: [['{"\\\\x00ff"}', "['\\x00\\xff'::BLOB]"]] },
  { postgres: 'date[]', duckdb: 'DATE[]', values: [['{2024-02-29}', "[DATE '2024-02-29']"]] },
  {
    postgres: 'timestamp with time zone[]',
    duckdb: 'TIMESTAMP WITH TIME ZONE[]',
    values: [['{"2024-01-15 10:30:45.5+00"}', "[TIMESTAMPTZ '2024-01-15 10:30:45.5+00']"]],
  },
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const rowCount = 2 * Math.max(...cases.map(({ values }) => values.length)) + 2;
/** The values twice, with nulls between: of one that comes more than once there is a dictionary, and levels of both kinds. */
const textAt = ({ values }: TypeCase, row: number): string | null => values[row % (values.length + 1)]?.[0] ?? null;

describe('every type with its edge values', () => {
  let lake: Lake;
  let read: Record<string, unknown>[];
  const paths = new Map<Compression, string>();

  beforeAll(async () => {
    lake = createLake();
    const columns = [{ name: 'n', type: 'integer' }, ...cases.map(({ postgres }, column) => ({ name: `v${column}`, type: postgres }))];
    const rows = Array.from({ length: rowCount }, (_, row) => [String(row), ...cases.map((each) => textAt(each, row))]);
    for (const compression of ['zstd', 'snappy', 'none'] as const) {
      const { parts } = await lake.copy(columns, copyRows(rows), { compression, entity: compression });
      paths.set(compression, join(lake.root, parts[0]?.path ?? ''));
    }
    read = await hyparquet(paths.get('zstd') ?? '');
  });
  afterAll(() => lake.remove());

  it.each(cases.map((each, column) => ({ ...each, column })))('$postgres is $duckdb, and every value is what it was', async ({ column, ...each }) => {
    const { values, duckdb: type } = each;
    const constants = values.map(([text, constant], n) => `(${n}, ${constant ?? `${quoted(text)}::${type}`})`);
    const [found] = await duckdb(`
      with wanted(n, v) as (values ${constants.join(', ')})
      select any_value(typeof(v)) as type, count(*) filter (v is distinct from w)::INT as wrong,
             count(*) filter (v::VARCHAR is distinct from w::VARCHAR)::INT as otherwise_printed
      from (select f.v${column} as v, w.v as w from read_parquet(${quoted(paths.get('zstd') ?? '')}) f left join wanted w on w.n = f.n % ${values.length + 1})`);
    expect(found).toEqual({ type, wrong: 0, otherwise_printed: 0 });

    const there = read.map((row) => row[`v${column}`] ?? null);
    there.forEach((value, row) => {
      const [text, , exact] = values[row % (values.length + 1)] ?? [];
      if (text === undefined) expect(value).toBeNull();
      else if (exact !== undefined) expect(value).toEqual(exact);
      else if (type === 'VARCHAR') expect(value).toBe(text);
    });
  });

  it.each(['snappy', 'none'] as const)('is the same with %s', async (compression) => {
    const [same, other] = [paths.get('zstd') ?? '', paths.get(compression) ?? ''].map((path) => `from read_parquet(${quoted(path)})`);
    expect(await duckdb(`(${same} except ${other}) union all (${other} except ${same})`)).toEqual([]);
    expect(await hyparquet(paths.get(compression) ?? '')).toEqual(read);
  });
});

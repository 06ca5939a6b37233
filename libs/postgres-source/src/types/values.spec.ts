import { createHash } from 'node:crypto';
import type { ColumnType, TypeTag } from './column-type.js';
import { canonicalRow, recordOf, type TypedColumn } from './values.js';

const column = (name: string, tag: TypeTag): TypedColumn => ({ name, type: { tag, sql: tag } as ColumnType });

describe('recordOf', () => {
  it('makes JavaScript values of what they hold exactly, and texts of all else', () => {
    const tags: TypeTag[] = ['bool', 'int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'text', 'timestamptz', 'array'];
    const columns = tags.map((tag) => column(tag, tag));
    expect(recordOf(columns, ['f', '-1', '2147483647', '9007199254740993', '4294967295', '0.1', '1e+300', '1.10', '', 'infinity', '{1}'])).toEqual({
      ...{ bool: false, int2: -1, int4: 2147483647, int8: '9007199254740993', oid: 4294967295, float4: 0.1, float8: 1e300, numeric: '1.10' },
      ...{ text: '', timestamptz: 'infinity', array: '{1}' },
    });
    expect(recordOf([column('a', 'float8'), column('b', 'float8'), column('c', 'float4')], ['NaN', '-Infinity', '-0'])).toEqual({
      a: 'NaN',
      b: '-Infinity',
      c: '-0',
    });
    expect(
      recordOf(
        columns,
        columns.map(() => null),
      ),
    ).toEqual(Object.fromEntries(tags.map((tag) => [tag, null])));
  });

  it('knows columns of any name', () => {
    const record = recordOf([column('__proto__', 'text'), column('constructor', 'text')], ['a', 'b']);
    expect(Object.entries(record)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('canonicalRow', () => {
  it('is the JSON whose MD5 is the hash of a record: sorted keys, numbers and truth values bare, all else texts', () => {
    const canonical = canonicalRow([
      ...[
        column('total', 'numeric'),
        column('id', 'int8'),
        column('b', 'bool'),
        column('B', 'float8'),
        column('note', 'text'),
        column('doc', 'jsonb'),
      ],
      ...[column('_ingestion_ts', 'timestamptz'), column('run_id', 'text'), column('ﬀ', 'text'), column('😀', 'text')],
    ]);
    const text = canonical(['1.10', '9223372036854775807', 't', 'NaN', 'a"\n', '{"a": 1}', 'x', 'x', null, 'é']);
    expect(text).toBe('{"B":"NaN","b":true,"doc":"{\\"a\\": 1}","id":9223372036854775807,"note":"a\\"\\n","total":1.10,"😀":"é","ﬀ":null}');
    expect(createHash('md5').update(text).digest('hex')).toBe('59dedc97cae7e6be68cc14dc64947710');
  });
});

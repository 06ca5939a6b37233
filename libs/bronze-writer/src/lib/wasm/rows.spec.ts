import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import wabt from 'wabt';
import { createFields, splitRow } from '../feeds/copy-fields.js';
import { copyJson, membersOf } from '../feeds/copy-format.js';
import { copyMemory } from '../feeds/copy-memory.js';
import { newBytes, viewOf } from '../parquet/bytes.js';
import { createColumnData, type ColumnData } from '../parquet/column-data.js';
import { BATCH_SIZES, createHashBatch } from './hash-batch.js';
import { rowKernel } from './row-kernel.js';
import { ROWS_MODULE } from './rows-module.js';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const latin1 = (bytes: Uint8Array, start = 0, end = 0): string => Buffer.from(bytes.subarray(start, end)).toString('latin1');
const hashColumn = (): ColumnData => createColumnData({ kind: 'string' }, false);
/** The texts of a column of hashes: 32 digits behind their length. */
const hashesIn = ({ bytes, values }: ColumnData): string[] =>
  Array.from({ length: values }, (_, n) => Buffer.from(bytes.subarray(36 * n + 4, 36 * n + 36)).toString('latin1'));

describe('the module', () => {
  it('is what rows.wat says', async () => {
    const parsed = (await wabt()).parseWat('rows.wat', readFileSync(join(__dirname, 'rows.wat'), 'utf8'), { simd: true });
    expect(Buffer.from(parsed.toBinary({}).buffer).toString('base64')).toBe(ROWS_MODULE);
  });
});

describe('hashes of many texts at once', () => {
  const hashed = (texts: readonly Uint8Array[]): string[] => {
    const hashes = hashColumn();
    const { kernel, places } = rowKernel(BATCH_SIZES);
    const batch = createHashBatch(kernel, places, hashes);
    texts.forEach((text) => batch.add(text));
    batch.flush();
    return hashesIn(hashes);
  };

  it('are MD5, for every length to 300 and texts of many blocks, in any order', () => {
    const lengths = [...Array.from({ length: 301 }, (_, n) => n), 4_096, 100_000, 191_000, 192 * 1024 - 72, 192 * 1024 - 71, 1_000_000];
    const texts = lengths.map((length) => randomBytes(length));
    for (const order of [texts, [...texts].reverse(), texts.filter((_, n) => n % 3 === 0)]) expect(hashed(order)).toEqual(order.map(md5));
  });

  it.each([0, 1, 2, 3, 4, 5, 511, 512, 513, 1_025])('are as many as there are texts: %i', (count) => {
    const texts = Array.from({ length: count }, (_, n) => Buffer.from(String(n).repeat(n % 40)));
    expect(hashed(texts)).toEqual(texts.map(md5));
  });
});

describe('a text as a JSON string', () => {
  const NO_ESCAPES = -1;
  const { kernel, places } = rowKernel({ text: 4_096, out: 6 * 4_096 });
  const stringOf = (text: string): string => {
    const bytes = Buffer.from(text);
    kernel.bytes.set(Buffer.from(`${text}"`), places.text);
    const end = kernel.string(places.out, places.text, places.text + bytes.length, NO_ESCAPES);
    return Buffer.from(kernel.bytes.subarray(places.out, end)).toString('utf8');
  };

  it("is JSON.stringify's", () => {
    for (const text of ['', '\\n', 'a\\', '"', ...Array.from({ length: 70 }, (_, n) => `${'x'.repeat(n)}\n\u0001ä`)])
      expect(stringOf(text)).toBe(JSON.stringify(text));
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => expect(stringOf(text)).toBe(JSON.stringify(text))));
  });
});

describe('fields and JSON of a row of COPY', () => {
  const columns = [
    { name: 'text', json: 'string', strict: false },
    { name: 'number', json: 'number', strict: false },
    { name: 'a "key"', json: 'string', strict: false },
    { name: 'flag', json: 'boolean', strict: false },
    { name: '_own', json: 'string', strict: false },
  ] as const;
  const appendJson = copyJson(columns);
  const memory = copyMemory(columns.length, membersOf(columns));
  /** Where the fields are, and the hash of the JSON; as it is found byte by byte. */
  const expected = (row: Uint8Array): unknown => {
    const fields = createFields(columns.length);
    const json = newBytes();
    const found = splitRow(fields, row, 0, row.length);
    if (found !== columns.length) return { found };
    appendJson(fields, row, json);
    return {
      found,
      texts: columns.map((_, n) => latin1(row, fields.starts[n], fields.ends[n])),
      escaped: [...fields.escaped],
      hash: md5(viewOf(json)),
    };
  };
  const actual = (row: Uint8Array): unknown => {
    // Not at the beginning of its memory, and with something behind it.
    const around = Buffer.concat([Buffer.from('\t'), row, Buffer.from('9\\N\t\u00e4')]);
    const found = memory.read(new Uint8Array(around), 1, 1 + row.length);
    if (found !== columns.length) return { found };
    const { fields, bytes } = memory;
    const hashes = hashColumn();
    const batch = memory.batch(hashes);
    const isWritten = memory.writeJson(batch);
    if (!isWritten) {
      const json = newBytes();
      appendJson(fields, bytes, json);
      batch.add(viewOf(json));
    }
    batch.flush();
    const texts = columns.map((_, n) => latin1(bytes, fields.starts[n], fields.ends[n]));
    return { found, texts, escaped: [...fields.escaped], hash: hashesIn(hashes)[0] };
  };
  const check = (row: string | Uint8Array): void => expect(actual(Buffer.from(row))).toEqual(expected(Buffer.from(row)));

  const special = fc.constantFrom(
    '\\N',
    '\\\\',
    '\\n',
    '\\t',
    '\\r',
    '\\b',
    '\\f',
    '\\v',
    '\\x',
    '"',
    '',
    '\u0001',
    '\u001f',
    '\u007f',
    'ä',
    '🎵',
    't',
    'f',
    '-',
    '-1',
    '12.5',
    'NaN',
    '\\',
  );
  const field = fc
    .array(
      fc.oneof(
        special,
        fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\t\n\\]/g, ' ')),
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(''));

  it('are those that are found byte by byte', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(field, special), { minLength: 4, maxLength: 6 }), (fields) => check(fields.join('\t').replace(/\\$/, ''))),
      { numRuns: 2_000 },
    );
  });

  it.each(['a', 'ä', '"', '\\\\', '\u0001'])('are those of texts of every length: %j', (text) => {
    for (let length = 0; length < 70; length++) check([text.repeat(length), '1', 'x'.repeat(length), 't', text].join('\t'));
    for (const length of [4_000, 24_000, 24_570, 30_000, 300_000]) check([text.repeat(length / text.length), '-7', '', 'f', ''].join('\t'));
  });

  it('are those of bytes that are no UTF-8', () => check(Buffer.from([0xff, 0x22, 0xc3, 0x09, 0x31, 0x09, 0x09, 0x74, 0x09, 0x80])));

  it('say whether all is ASCII', () => {
    const isAscii = (row: string): boolean => {
      memory.read(new Uint8Array(Buffer.from(`${row}ä`)), 0, Buffer.byteLength(row));
      return memory.isAscii;
    };
    expect(['', 'x', 'x'.repeat(33), '\u007f'].map(isAscii)).toEqual([true, true, true, true]);
    expect(['ä', `${'x'.repeat(33)}ä`, `ä${'x'.repeat(33)}`].map(isAscii)).toEqual([false, false, false]);
  });
});

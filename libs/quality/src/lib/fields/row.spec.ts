import fc from 'fast-check';
import { copyField } from '../inspect.fixture.js';
import { createFieldView, createRow, hashBytes, NULL, scanCopyRow, setRowBytes, viewField } from './row.js';

function fieldsOf(line: string, columns: number): (string | null)[] {
  const row = createRow(columns);
  const bytes = Buffer.from(`\\N\t${line}\t\\N`);
  setRowBytes(row, bytes);
  expect(scanCopyRow(row, 3, bytes.length - 3)).toBe(columns);
  const view = createFieldView();
  return Array.from({ length: columns }, (_, column) => {
    if (row.flags[column] === NULL) return null;
    viewField(view, row, column);
    return Buffer.from(view.bytes.subarray(view.start, view.end)).toString();
  });
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\\', '\t', '\n', 'N', 't', 'a', '\r', '\b') }),
  fc.constantFrom('', '\\N', '\\'),
);

describe('a row of COPY text', () => {
  it('gives the values that were written: escapes, nulls, the text \\N, empty strings', () => {
    fc.assert(
      fc.property(fc.array(fc.option(text, { nil: null }), { minLength: 1, maxLength: 8 }), (values) => {
        expect(fieldsOf(values.map(copyField).join('\t'), values.length)).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('hashes a field by its bytes alone, wherever it stands', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'é', '0', '\u0008', '\u000a', '[', ']', '\u0080'), maxLength: 20 });
    fc.assert(
      fc.property(plain, fc.array(plain, { maxLength: 3 }), fc.array(plain, { maxLength: 3 }), (value, before, after) => {
        const row = createRow(before.length + 1 + after.length);
        const bytes = new Uint8Array(Buffer.from([...before, value, ...after].join('\t')));
        setRowBytes(row, bytes);
        scanCopyRow(row, 0, bytes.length);
        const alone = new Uint8Array(Buffer.from(value));
        expect(row.hashes[before.length]).toBe(hashBytes(new DataView(alone.buffer), alone, 0, alone.length));
      }),
      { numRuns: 500 },
    );
  });

  it('says how many fields it has, also when there is room for fewer', () => {
    const row = createRow(2);
    const bytes = Buffer.from('a\tb\tc\td');
    setRowBytes(row, bytes);
    expect(scanCopyRow(row, 0, bytes.length)).toBe(4);
  });
});

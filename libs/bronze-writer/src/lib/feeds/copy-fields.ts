import { BACKSLASH } from '../values/ascii.js';

/** Where the fields of a row lie; used again for each row. */
export interface Fields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where a field has a backslash in it. */
  readonly escaped: Uint8Array;
  plain: Uint8Array;
}

const TAB = 0x09;

export const createFields = (count: number): Fields => ({
  starts: new Int32Array(count),
  ends: new Int32Array(count),
  escaped: new Uint8Array(count),
  plain: new Uint8Array(1024),
});

/** Finds the fields between tabs (in a field a tab is `\t`). Resolves to how many there are, which may be more than there is room for. */
export function splitRow({ starts, ends, escaped }: Fields, bytes: Uint8Array, start: number, end: number): number {
  let [field, from, backslash] = [0, start, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) backslash = 1;
    else if (byte === TAB) {
      starts[field] = from;
      ends[field] = at;
      escaped[field++] = backslash;
      from = at + 1;
      backslash = 0;
    }
  }
  // A table without columns has rows without fields; but that is a text of no use here.
  starts[field] = from;
  ends[field] = end;
  escaped[field] = backslash;
  return field + 1;
}

/** `\N` is null; a text of a backslash and an N is `\\N`. */
export const fieldIsNull = ({ starts, ends, escaped }: Fields, bytes: Uint8Array, field: number): boolean =>
  escaped[field] === 1 &&
  (ends[field] ?? 0) - (starts[field] ?? 0) === 2 &&
  bytes[(starts[field] ?? 0) + 1] === 0x4e &&
  bytes[starts[field] ?? 0] === BACKSLASH;

/** `\b \f \n \r \t \v`; any other character stands for itself (COPY in the manual of Postgres: Text Format). */
const ESCAPES: Readonly<Record<number, number>> = { 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9, 0x76: 11 };

/** The field's bytes with escapes resolved: in `plain`, until the next call. */
export function unescapeField(fields: Fields, bytes: Uint8Array, start: number, end: number): [bytes: Uint8Array, start: number, end: number] {
  if (fields.plain.length < end - start) fields.plain = new Uint8Array((end - start) * 2);
  const { plain } = fields;
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== BACKSLASH) plain[length++] = byte;
    else {
      const next = bytes[++at] ?? 0;
      plain[length++] = ESCAPES[next] ?? next;
    }
  }
  return [plain, 0, length];
}

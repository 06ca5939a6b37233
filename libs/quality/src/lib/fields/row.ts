import { mixed } from './spread.js';

const TAB = 0x09;
const BACKSLASH = 0x5c;

export const NULL = 0;
export const PLAIN = 1;
/** With escapes of COPY. */
export const ESCAPED = 2;

/** The fields of one row, whatever it came as; used again for each row. */
export interface Row {
  bytes: Uint8Array;
  /** The same memory. */
  words: DataView;
  starts: Int32Array;
  ends: Int32Array;
  /** NULL, PLAIN or ESCAPED. */
  flags: Uint8Array;
  /** Of records: what each value was (see record-row.ts). */
  kinds: Uint8Array;
}

/** Where the bytes of one value lie, escapes resolved. */
export interface FieldView {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** For resolved escapes: `bytes` until the next field is looked at. */
  plain: Uint8Array;
}

export const createRow = (columns: number): Row => ({
  bytes: new Uint8Array(0),
  words: new DataView(new ArrayBuffer(0)),
  starts: new Int32Array(columns),
  ends: new Int32Array(columns),
  flags: new Uint8Array(columns),
  kinds: new Uint8Array(columns),
});

export const createFieldView = (): FieldView => ({ bytes: new Uint8Array(0), start: 0, end: 0, plain: new Uint8Array(1024) });

const MULTIPLIER = 0x85ebca6b;

/** 32 bits of bytes, four at a time; the last four may overlap the ones before, as the length counts too. `words` shows the same memory as `bytes`. */
export function hashBytes(words: DataView, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let hash = Math.imul(length + 1, 0x9e3779b1);
  if (length < 4) {
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), MULTIPLIER);
    return mixed(hash);
  }
  for (let at = start; at < end - 4; at += 4) {
    hash = Math.imul(hash ^ words.getInt32(at, true), MULTIPLIER);
    // A multiplication carries upwards only.
    hash ^= hash >>> 15;
  }
  return mixed(Math.imul(hash ^ words.getInt32(end - 4, true), MULTIPLIER));
}

/** Makes the row one of these bytes. */
export function setRowBytes(row: Row, bytes: Uint8Array): void {
  row.bytes = bytes;
  row.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Takes a row of COPY text of the row's bytes apart (PostgreSQL documentation, COPY, text format), and says how many fields it has: that may be more than there
 * is room for.
 */
export function scanCopyRow({ bytes, starts, ends, flags }: Row, start: number, end: number): number {
  let [field, from, flag] = [0, start, PLAIN];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === TAB) {
      starts[field] = from;
      ends[field] = at;
      flags[field++] = flag === PLAIN ? PLAIN : escapedOrNull(bytes, from, at);
      from = at + 1;
      flag = PLAIN;
    } else if (byte === BACKSLASH) flag = ESCAPED;
  }
  starts[field] = from;
  ends[field] = end;
  flags[field] = flag === PLAIN ? PLAIN : escapedOrNull(bytes, from, end);
  return field + 1;
}

/** `\N` is null; a text of a backslash and an N is `\\N`. */
const escapedOrNull = (bytes: Uint8Array, start: number, end: number): number =>
  end - start === 2 && bytes[start] === BACKSLASH && bytes[start + 1] === 0x4e ? NULL : ESCAPED;

export function viewField(view: FieldView, { bytes, starts, ends, flags }: Row, column: number): void {
  const [start, end] = [starts[column] as number, ends[column] as number];
  if (flags[column] === ESCAPED) {
    view.start = 0;
    view.end = unescape(view, bytes, start, end);
    view.bytes = view.plain;
  } else {
    view.bytes = bytes;
    view.start = start;
    view.end = end;
  }
}

/** `\b \f \n \r \t \v`; any other character stands for itself. */
const ESCAPES: Readonly<Record<number, number>> = { 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9, 0x76: 11 };

function unescape(view: FieldView, bytes: Uint8Array, start: number, end: number): number {
  if (view.plain.length < end - start) view.plain = new Uint8Array((end - start) * 2);
  const { plain } = view;
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH || at + 1 === end) plain[length++] = byte;
    else {
      const next = bytes[++at] as number;
      plain[length++] = ESCAPES[next] ?? next;
    }
  }
  return length;
}

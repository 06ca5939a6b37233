import { mixed } from './spread.js';

// A name of its own: in a context of node:vm, where Jest runs specifications, every look-up of a global is a call.
const { imul } = Math;

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
  /** Of each field's bytes as they stand. */
  hashes: Int32Array;
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
  hashes: new Int32Array(columns),
  kinds: new Uint8Array(columns),
});

export const createFieldView = (): FieldView => ({ bytes: new Uint8Array(0), start: 0, end: 0, plain: new Uint8Array(1024) });

const SEED = 0x9e3779b9 | 0;
const MULTIPLIER = 0x85ebca6b;

/** 32 bits of bytes, four at a time. `words` shows the same memory as `bytes`. A field of COPY that has no escapes is hashed alike. */
export function hashBytes(words: DataView, bytes: Uint8Array, start: number, end: number): number {
  let [hash, at] = [SEED, start];
  for (; at + 4 <= end; at += 4) hash = stirred(hash, words.getInt32(at, true));
  for (; at < end; at++) hash = stirred(hash, bytes[at] as number);
  return mixed(hash ^ (end - start));
}

/** A multiplication carries upwards only; the shift brings down what has come up. */
function stirred(hash: number, word: number): number {
  const product = imul(hash ^ word, MULTIPLIER);
  return product ^ (product >>> 15);
}

const TABS = 0x09090909;
const BACKSLASHES = 0x5c5c5c5c;

/** Whether none of four bytes is a tab or a backslash: the known test for a zero byte, of what differs from four of each. */
function isOrdinary(word: number): boolean {
  const [tabs, slashes] = [word ^ TABS, word ^ BACKSLASHES];
  return ((((tabs - 0x01010101) & ~tabs) | ((slashes - 0x01010101) & ~slashes)) & 0x80808080) === 0;
}

/** Makes the row one of these bytes. */
export function setRowBytes(row: Row, bytes: Uint8Array): void {
  row.bytes = bytes;
  row.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Takes a row of COPY text of the row's bytes apart (PostgreSQL documentation, COPY, text format), and says how many fields it has: that may be more than there
 * is room for. Looks at four bytes at once where it can, and hashes them on the way.
 */
export function scanCopyRow({ bytes, words, starts, ends, flags, hashes }: Row, start: number, end: number): number {
  for (let [field, at] = [0, start]; ; field++, at++) {
    const from = at;
    let [flag, hash] = [PLAIN, SEED];
    while (at + 4 <= end) {
      const word = words.getInt32(at, true);
      if (!isOrdinary(word)) break;
      hash = stirred(hash, word);
      at += 4;
    }
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === TAB) break;
      if (byte === BACKSLASH) flag = ESCAPED;
      hash = stirred(hash, byte);
    }
    starts[field] = from;
    ends[field] = at;
    flags[field] = flag === PLAIN ? PLAIN : escapedOrNull(bytes, from, at);
    hashes[field] = mixed(hash ^ (at - from));
    if (at === end) return field + 1;
  }
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

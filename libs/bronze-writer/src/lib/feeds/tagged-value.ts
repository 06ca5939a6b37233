import type { Json } from '@loadin/pipeline';
import { appendByte, appendUint32, getUint32, reserve, setUint32, type Bytes } from '../parquet/bytes.js';

/**
 * A JSON value in bytes, as it waits in memory for its row group: as the source gave it, since its column may become wider meanwhile. A tag, then
 * 4 bytes (INT32), 8 (DOUBLE), or a length of 4 bytes and that many (TEXT in UTF-8; NESTED as JSON; LIST: tagged scalars and nulls).
 * ABSENT stands for a key that a record has not.
 */
export const Tag = { NULL: 0, FALSE: 1, TRUE: 2, INT32: 3, DOUBLE: 4, TEXT: 5, NESTED: 6, LIST: 7, ABSENT: 8 } as const;

const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** False for a text that is no Unicode (half of a surrogate pair): UTF-8, and so any file, could only hold another text. */
export function writeTagged(out: Bytes, value: Json): boolean {
  switch (typeof value) {
    case 'string':
      appendByte(out, Tag.TEXT);
      return writeText(out, value);
    case 'number':
      writeNumber(out, value);
      return true;
    case 'boolean':
      appendByte(out, value ? Tag.TRUE : Tag.FALSE);
      return true;
    default:
      if (value === null) appendByte(out, Tag.NULL);
      else if (Array.isArray(value) && !value.some(isNested)) return writeList(out, value as readonly Json[]);
      else {
        appendByte(out, Tag.NESTED);
        return writeText(out, JSON.stringify(value));
      }
      return true;
  }
}

const isNested = (value: Json): boolean => typeof value === 'object' && value !== null;

function writeNumber(out: Bytes, value: number): void {
  reserve(out, 9);
  if ((value | 0) === value && !Object.is(value, -0)) {
    out.bytes[out.length] = Tag.INT32;
    setUint32(out.bytes, out.length + 1, value);
    out.length += 5;
    return;
  }
  out.bytes[out.length] = Tag.DOUBLE;
  double[0] = value;
  for (let n = 0; n < 8; n++) out.bytes[out.length + 1 + n] = doubleBytes[n] ?? 0;
  out.length += 9;
}

/** Calls cost more than copying short texts. */
const SHORT_TEXT = 48;

function writeText(out: Bytes, text: string): boolean {
  reserve(out, text.length * 3 + 4);
  const start = out.length + 4;
  const { bytes } = out;
  let n = 0;
  if (text.length <= SHORT_TEXT) {
    for (; n < text.length; n++) {
      const unit = text.charCodeAt(n);
      if (unit >= 0x80) break;
      bytes[start + n] = unit;
    }
  }
  if (n < text.length || text.length > SHORT_TEXT) {
    if (!isWellFormed(text)) return false;
    n = encoder.encodeInto(text, bytes.subarray(start)).written;
  }
  setUint32(bytes, out.length, n);
  out.length = start + n;
  return true;
}

/** `String.prototype.isWellFormed` (ES2024, in Node from 20). */
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

function writeList(out: Bytes, values: readonly Json[]): boolean {
  appendByte(out, Tag.LIST);
  const at = out.length;
  appendUint32(out, 0);
  for (const value of values) if (!writeTagged(out, value)) return false;
  setUint32(out.bytes, at, out.length - at - 4);
  return true;
}

/** Where the value that begins at `at` ends. */
export function taggedEnd(bytes: Uint8Array, at: number): number {
  const tag = bytes[at] ?? 0;
  if (tag < Tag.INT32 || tag === Tag.ABSENT) return at + 1;
  if (tag === Tag.INT32) return at + 5;
  return tag === Tag.DOUBLE ? at + 9 : at + 5 + getUint32(bytes, at + 1);
}

export function readNumber(bytes: Uint8Array, at: number): number {
  if (bytes[at] === Tag.INT32) return getUint32(bytes, at + 1) | 0;
  for (let n = 0; n < 8; n++) doubleBytes[n] = bytes[at + 1 + n] ?? 0;
  return double[0] ?? 0;
}

/** The value again. */
export function readTagged(bytes: Uint8Array, at: number): Json {
  switch (bytes[at]) {
    case Tag.FALSE:
      return false;
    case Tag.TRUE:
      return true;
    case Tag.INT32:
    case Tag.DOUBLE:
      return readNumber(bytes, at);
    case Tag.TEXT:
      return decoder.decode(bytes.subarray(at + 5, taggedEnd(bytes, at)));
    case Tag.NESTED:
      return JSON.parse(decoder.decode(bytes.subarray(at + 5, taggedEnd(bytes, at)))) as Json;
    case Tag.LIST: {
      const values: Json[] = [];
      const end = taggedEnd(bytes, at);
      for (let element = at + 5; element < end; element = taggedEnd(bytes, element)) values.push(readTagged(bytes, element));
      return values;
    }
    default:
      return null;
  }
}

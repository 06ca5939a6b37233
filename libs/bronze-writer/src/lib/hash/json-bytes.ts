import { appendByte, appendBytes, reserve, type Bytes } from '../parquet/bytes.js';
import { BACKSLASH, QUOTE, SPACE } from '../values/ascii.js';

const HEX = new TextEncoder().encode('0123456789abcdef');
/** The letters of JSON's short escapes, by control character. */
const SHORT: Readonly<Record<number, number>> = { 8: 0x62, 9: 0x74, 10: 0x6e, 12: 0x66, 13: 0x72 };

/** A JSON string of UTF-8 text, escaped as `JSON.stringify` does. */
export function appendJsonString(out: Bytes, bytes: Uint8Array, start: number, end: number): void {
  appendByte(out, QUOTE);
  for (let at = start; at < end; at += PIECE) appendEscaped(out, bytes, at, Math.min(end, at + PIECE));
  appendByte(out, QUOTE);
}

/** Room is made for one of these after the other: for a text of 100 MB at once it would be 600. */
const PIECE = 16 * 1024;

function appendEscaped(out: Bytes, bytes: Uint8Array, start: number, end: number): void {
  // Every byte may need six.
  reserve(out, (end - start) * 6);
  const target = out.bytes;
  let { length } = out;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (PLAIN[byte] === 1) target[length++] = byte;
    else length = escape(target, length, byte);
  }
  out.length = length;
}

/** 1 for bytes that stand for themselves. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH));

function escape(target: Uint8Array, length: number, byte: number): number {
  target[length] = BACKSLASH;
  const letter = byte >= SPACE ? byte : SHORT[byte];
  if (letter !== undefined) {
    target[length + 1] = letter;
    return length + 2;
  }
  target.set([0x75, 0x30, 0x30, HEX[byte >> 4] ?? 0, HEX[byte & 15] ?? 0], length + 1);
  return length + 6;
}

export function appendRaw(out: Bytes, bytes: Uint8Array, start: number, end: number): void {
  if (end - start > 64) return appendBytes(out, bytes.subarray(start, end));
  reserve(out, end - start);
  const target = out.bytes;
  let { length } = out;
  for (let at = start; at < end; at++) target[length++] = bytes[at] ?? 0;
  out.length = length;
}

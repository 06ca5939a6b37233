import * as zlib from 'node:zlib';
import { getUint32 } from '../parquet/bytes.js';
import { GROUP_ROWS } from './key-columns.js';
import type { KeyChunk } from './key-footer.js';
import { readStruct, type ThriftFields } from './thrift-read.js';

/** Takes the values of a column one by one: bytes from `start` up to `end`, or null, whose `start` is −1. */
export type OnValue = (row: number, bytes: Uint8Array, start: number, end: number) => void;

const UNCOMPRESSED = 0;
const ZSTD = 6;
const PLAIN = 0;
/** Of zlib. Else a page would be put together from pieces of 16 KB. */
const LEAST_CHUNK = 64;
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** Reads the data pages of a column of byte arrays, PLAIN and without a dictionary: as `writeKeySet` writes them, and no others. Throws `RangeError` for others. */
export function readPages(group: Uint8Array, { codec, at: start, end }: KeyChunk, onValue: OnValue): number {
  let row = 0;
  for (let at = start; at < end;) {
    const header = readStruct(group, at);
    // `PageHeader`: 1 type, 2 size, 3 compressed size, 5 data page: 1 values, 2 encoding.
    const page = header.fields.get(5) as ThriftFields | undefined;
    const [size, stored] = [Number(header.fields.get(2)), Number(header.fields.get(3))];
    if (page === undefined || page.get(2) !== PLAIN) throw new RangeError('it has pages of another kind');
    at = header.end + stored;
    if (!(at <= end)) throw new RangeError('a page is longer than its column');
    if (!(Number(page.get(1)) <= GROUP_ROWS)) throw new RangeError('a page has more rows than its group');
    row = readPage(decompressed(group.subarray(header.end, at), codec, size), row, Number(page.get(1)), onValue);
  }
  return row;
}

function decompressed(bytes: Uint8Array, codec: number, size: number): Uint8Array {
  if (codec === UNCOMPRESSED) return bytes;
  if (codec !== ZSTD || typeof zlib.zstdDecompressSync !== 'function') throw new RangeError(`its compression (${codec}) can't be read by this Node`);
  const { buffer, byteOffset, length } = zlib.zstdDecompressSync(bytes, {
    maxOutputLength: size,
    chunkSize: Math.min(Math.max(LEAST_CHUNK, size), LARGEST_CHUNK),
  });
  if (length !== size) throw new RangeError('a page has another size than it says');
  return new Uint8Array(buffer, byteOffset, length);
}

/** Definition levels behind their length, then each value behind its length. */
function readPage(body: Uint8Array, firstRow: number, count: number, onValue: OnValue): number {
  const levels = getUint32(body, 0);
  const isThere = readLevels(body, 4, 4 + levels, count);
  let at = 4 + levels;
  for (let n = 0; n < count; n++) {
    if (isThere[n] === 0) onValue(firstRow + n, body, -1, -1);
    else {
      const end = at + 4 + getUint32(body, at);
      if (end > body.length) throw new RangeError('a value is longer than its page');
      onValue(firstRow + n, body, at + 4, end);
      at = end;
    }
  }
  return firstRow + count;
}

/** Runs and groups of eight bits (Encodings.md, RLE = 3, a width of one bit). */
function readLevels(bytes: Uint8Array, start: number, end: number, count: number): Uint8Array {
  const levels = new Uint8Array(count);
  let at = start;
  for (let n = 0; n < count;) {
    if (at >= end) throw new RangeError('its levels end too early');
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      head |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    const length = head >>> 1;
    if ((head & 1) === 0) {
      levels.fill(bytes[at++] ?? 0, n, n + length);
      n += length;
    } else {
      for (let bit = 0; bit < length * 8 && n < count; bit++) levels[n++] = ((bytes[at + (bit >> 3)] ?? 0) >> (bit & 7)) & 1;
      at += length;
    }
  }
  return levels;
}

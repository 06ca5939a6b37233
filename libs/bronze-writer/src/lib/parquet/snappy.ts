import { appendByte, appendBytes, appendVarint, copyOf, newBytes, reserve, type Bytes } from './bytes.js';

/** Snappy cuts its input into blocks, and matches don't reach across. */
const BLOCK = 65_536;
const HASH_BITS = 14;
const LEAST_MATCH = 4;
const LONGEST_COPY = 64;

/** Compresses as google/snappy's format_description.txt has it: literals, and copies with a distance of two bytes. */
export function snappyCompress(input: Uint8Array): Uint8Array {
  const out = newBytes(32 + Math.ceil(input.length * 1.2));
  appendVarint(out, input.length);
  const table = new Int32Array(1 << HASH_BITS);
  for (let start = 0; start < input.length; start += BLOCK) {
    table.fill(-1);
    compressBlock(out, input, start, Math.min(input.length, start + BLOCK), table);
  }
  return copyOf(out);
}

function compressBlock(out: Bytes, input: Uint8Array, start: number, end: number, table: Int32Array): void {
  const last = end - LEAST_MATCH;
  let literal = start;
  let at = start;
  let misses = 0;
  while (at <= last) {
    const word = wordAt(input, at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    if (candidate < 0 || wordAt(input, candidate) !== word) {
      // Where nothing matches, steps grow: incompressible bytes cost little.
      at += 1 + (misses++ >> 5);
      continue;
    }
    misses = 0;
    appendLiteral(out, input, literal, at);
    const length = matchLength(input, candidate, at, end);
    appendCopies(out, at - candidate, length);
    at += length;
    literal = at;
  }
  appendLiteral(out, input, literal, end);
}

const wordAt = (input: Uint8Array, at: number): number =>
  (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16) | ((input[at + 3] ?? 0) << 24);

function matchLength(input: Uint8Array, candidate: number, at: number, end: number): number {
  let length = LEAST_MATCH;
  while (at + length < end && input[candidate + length] === input[at + length]) length++;
  return length;
}

function appendLiteral(out: Bytes, input: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length === 0) return;
  const size = length - 1;
  if (size < 60) appendByte(out, size << 2);
  else {
    // A block is at most 64 KiB: two bytes hold every length.
    appendByte(out, (size < 0x100 ? 60 : 61) << 2);
    appendByte(out, size);
    if (size >= 0x100) appendByte(out, size >>> 8);
  }
  appendBytes(out, input.subarray(start, end));
}

function appendCopies(out: Bytes, distance: number, length: number): void {
  reserve(out, 3 * Math.ceil(length / LONGEST_COPY));
  for (let left = length; left > 0; left -= LONGEST_COPY) {
    appendByte(out, ((Math.min(left, LONGEST_COPY) - 1) << 2) | 2);
    appendByte(out, distance);
    appendByte(out, distance >>> 8);
  }
}

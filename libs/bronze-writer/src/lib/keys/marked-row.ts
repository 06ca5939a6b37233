import { DIGEST_BYTES, type Digests } from './digests.js';
import type { GoneKeys } from './gone-keys.js';

/**
 * A row of COPY that waits with its hash: a line break, which no row of COPY can begin with, 1 for a tombstone and 0 for a row, the 16 bytes of the hash, and
 * then the row as it is. A row without a hash waits as it is.
 */
const MARK = 0x0a;
export const MARK_BYTES = 2 + DIGEST_BYTES;
const HASH_AT = 2;

export const isMarked = (bytes: Uint8Array, start: number, end: number): boolean => start < end && bytes[start] === MARK;
export const isTombstone = (bytes: Uint8Array, start: number): boolean => bytes[start + 1] === 1;
export const hashAt = (start: number): number => start + HASH_AT;

export interface MarkedRows {
  /** The row behind its mark; of use until the next call. Ends at `length`. */
  mark(bytes: Uint8Array, start: number, end: number, hashes: Digests['hashes'], row: number): Buffer;
  /** The tombstone of key n, whose columns' values stand at `fields` of a row of so many. */
  tombstone(keys: GoneKeys, n: number, fields: readonly number[], width: number): Buffer;
  readonly length: number;
}

export function markedRows(): MarkedRows {
  let out = Buffer.alloc(4096);
  let length = 0;
  const begin = (isDeleted: boolean, hashes: Uint8Array, at: number, size: number): void => {
    length = MARK_BYTES + size;
    if (out.length < length) out = Buffer.alloc(length * 2);
    out[0] = MARK;
    out[1] = isDeleted ? 1 : 0;
    for (let n = 0; n < DIGEST_BYTES; n++) out[HASH_AT + n] = hashes[at + n] ?? 0;
  };
  return {
    get length() {
      return length;
    },
    mark(bytes, start, end, hashes, row) {
      begin(false, hashes, row * DIGEST_BYTES, end - start);
      out.set(bytes.subarray(start, end), MARK_BYTES);
      return out;
    },
    tombstone({ gone, digests }, n, fields, width) {
      const text = Array.from({ length: width }, (_, field) => copyField(gone[n]?.[fields.indexOf(field)] ?? null)).join('\t');
      begin(true, digests, n * DIGEST_BYTES, Buffer.byteLength(text));
      out.write(text, MARK_BYTES);
      return out;
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };

/** As COPY prints it. */
const copyField = (text: string | null): string =>
  text === null ? '\\N' : text.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? '');

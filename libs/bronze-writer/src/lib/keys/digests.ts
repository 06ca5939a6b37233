import { FatalError } from '@loadin/resilience';

/** Bytes of an MD5. */
export const DIGEST_BYTES = 16;

/**
 * What rows are known by, row after row. The digest of a key is the MD5 of the JSON of the list of its columns' texts (`["12","eu"]`, `[null]`), whatever their
 * types are, so that a column that becomes wider changes no key; in DuckDB `md5(to_json([id::VARCHAR, region]))`.
 */
export interface Digests {
  readonly count: number;
  /** 16 bytes a row. */
  readonly keys: Uint8Array;
  /** 16 bytes a row: the MD5 that `_record_hash` has in hexadecimal digits. */
  readonly hashes: Uint8Array;
  /** The JSON of the keys in UTF-8, one behind the other; row n's ends before `ends[n]`. */
  readonly texts: Uint8Array;
  readonly ends: Int32Array;
}

/** The texts of a row's key, in the order of the key's columns. */
export function keyOf({ texts, ends }: Digests, row: number): (string | null)[] {
  return parseKey(texts, row === 0 ? 0 : (ends[row - 1] ?? 0), ends[row] ?? 0);
}

/** The digest of row n as `_record_hash` has it. */
export const digestHex = (digests: Uint8Array, n: number): string =>
  Buffer.from(digests.buffer, digests.byteOffset + n * DIGEST_BYTES, DIGEST_BYTES).toString('hex');

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const parseKey = (texts: Uint8Array, start: number, end: number): (string | null)[] =>
  JSON.parse(decoder.decode(texts.subarray(start, end))) as (string | null)[];

/** Throws `FatalError` for a key that is none. */
export function checkKey(key: readonly string[], columns: readonly string[], where: string): void {
  const missing = key.find((name) => !columns.includes(name));
  if (key.length > 0 && new Set(key).size === key.length && missing === undefined) return;
  const problem = missing === undefined ? 'The key has no columns, or one of them twice' : `There is no column "${missing}" for the key`;
  throw new FatalError(problem, { where, hint: `Columns: ${columns.join(', ')}.` });
}

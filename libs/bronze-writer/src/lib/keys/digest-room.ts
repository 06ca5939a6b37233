import { hash } from 'node:crypto';
import { newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import { DIGEST_BYTES, type Digests } from './digests.js';

/** Memory for the digests of one block after the other. */
export interface DigestRoom {
  /** The JSON of keys is appended here. */
  readonly texts: Bytes;
  /** Room for so many rows, all empty. */
  begin(rows: number): void;
  /** The key's JSON of the next row was appended: makes its digests. */
  endRow(json: Uint8Array | string): void;
  /** Of use until it begins anew. */
  done(): Digests;
}

export function digestRoom(): DigestRoom {
  const texts = newBytes(4096);
  let [keys, hashes, ends] = [new Uint8Array(0), new Uint8Array(0), new Int32Array(0)];
  let count = 0;
  let begun = 0;
  return {
    texts,
    begin(rows) {
      if (ends.length < rows) {
        ends = new Int32Array(rows);
        [keys, hashes] = [new Uint8Array(rows * DIGEST_BYTES), new Uint8Array(rows * DIGEST_BYTES)];
      }
      texts.length = count = begun = 0;
    },
    endRow(json) {
      md5(texts.bytes.subarray(begun, texts.length), keys, count * DIGEST_BYTES);
      md5(json, hashes, count * DIGEST_BYTES);
      begun = texts.length;
      ends[count++] = begun;
    },
    done: () => ({ count, keys, hashes, texts: viewOf(texts), ends }),
  };
}

/** Half the time of a Buffer, and half the digits of hexadecimal ones: a text of 16 characters, a byte each. */
function md5(message: Uint8Array | string, target: Uint8Array, at: number): void {
  const digest = hash('md5', message, 'binary');
  for (let n = 0; n < DIGEST_BYTES; n++) target[at + n] = digest.charCodeAt(n);
}

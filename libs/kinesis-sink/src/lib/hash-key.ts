import { hash } from 'node:crypto';

/** A number of 128 bits as 16 characters of one byte each: they compare as the numbers do. */
export type HashKey = string;

/** "An MD5 hash function is used to map partition keys to 128-bit integer values" (PutRecords). */
export const hashKeyOf = (partitionKey: string): HashKey => hash('md5', partitionKey, 'binary');

const HASH_KEYS = 2n ** 128n;

/** Of a hash key as the API writes it, in decimal; `undefined` when it is none. "Pattern: 0|([1-9]\d{0,38})" (PutRecordsRequestEntry). */
export function parseHashKey(decimal: string): HashKey | undefined {
  if (!/^(?:0|[1-9]\d{0,38})$/.test(decimal)) return undefined;
  const value = BigInt(decimal);
  if (value >= HASH_KEYS) return undefined;
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex').toString('latin1');
}

import { hash } from 'node:crypto';
import { AwsError } from '../service.js';

/** Hash keys are 128-bit numbers; here 32 hexadecimal digits, which sort as text as the numbers do. */
export const HASH_KEYS = 1n << 128n;

export const toHex = (key: bigint): string => key.toString(16).padStart(32, '0');
export const toDecimal = (hex: string): string => BigInt(`0x${hex}`).toString();

/** The API reference of PutRecord: the MD5 of the partition key (as UTF-8). */
export const hashOf = (partitionKey: string): string => hash('md5', partitionKey, 'hex');

/** @throws AwsError `InvalidArgumentException` unless the text is a decimal number below 2^128. */
export function parseHashKey(text: unknown, member: string): bigint {
  const key = typeof text === 'string' && /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : HASH_KEYS;
  if (key >= HASH_KEYS) {
    throw new AwsError(
      'InvalidArgumentException',
      `Invalid ${member}. ${member} must be in the range: [0, 2^128-1]. Specified value was ${String(text)}`,
    );
  }
  return key;
}

/** The first keys of `count` ranges of equal size. */
export function uniformStarts(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => (HASH_KEYS * BigInt(i)) / BigInt(count));
}

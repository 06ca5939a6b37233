import { AwsError } from '../service.js';

/** Iterators and page tokens are valid for 5 minutes (API reference of GetShardIterator and ListShards). */
export const TOKEN_LIFE = 300_000;

/** Opaque to the caller; says all that the next call needs, so that the server remembers nothing and tokens outlive a restart. */
export const toToken = (parts: readonly (string | number | null)[]): string => Buffer.from(JSON.stringify(parts)).toString('base64');

/** @throws AwsError `InvalidArgumentException` when the text is none of ours. */
export function fromToken(token: string, member: string, kinds: readonly ('string' | 'number' | 'any')[]): (string | number | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    if (Array.isArray(parts) && parts.length === kinds.length && kinds.every((kind, i) => kind === 'any' || typeof parts[i] === kind)) {
      return parts as (string | number | null)[];
    }
  } catch {
    // Falls through: any text that isn't a token gets the same answer.
  }
  throw new AwsError('InvalidArgumentException', `Invalid ${member}.`);
}

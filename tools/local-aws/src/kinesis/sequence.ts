import { AwsError } from '../service.js';
import type { ShardState } from './types.js';

/**
 * A sequence number is a 186-bit number (56 decimal digits, as AWS's are): a marker bit, the shard's creation time, the record's place in the shard
 * (1 is the first), the shard's ordinal. So they rise strictly within a shard and from parents to children, and tell where they came from.
 */
const MARKER = 1n << 185n;
const CREATED = 121n;
const PLACE = 40n;
const ORDINAL = (1n << PLACE) - 1n;

/** The part that all records of a shard share; add `place << 40`. */
export const shardBase = (shard: ShardState): bigint => MARKER + (BigInt(shard.created) << CREATED) + BigInt(shard.ordinal);

export const sequenceNumber = (base: bigint, place: number): string => (base + (BigInt(place) << PLACE)).toString();

/** The place in the shard that a sequence number names. @throws AwsError `InvalidArgumentException` when it is not one of this shard. */
export function placeOf(text: string, shard: ShardState, where: string): number {
  const refuse = (): never => {
    throw new AwsError(
      'InvalidArgumentException',
      `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shard.id} ${where} is invalid because it did not come from this stream.`,
    );
  };
  if (!/^(0|[1-9]\d{0,128})$/.test(text)) refuse();
  const rest = BigInt(text) - shardBase(shard);
  if (rest < 0n || (rest & ORDINAL) !== 0n || rest >> CREATED !== 0n) refuse();
  return Number(rest >> PLACE);
}

import { AwsError, type CallContext } from '../service.js';
import { findReady, findShard, trim, whileThere, type Operation } from './engine.js';
import { badArgument, integer, oneOf, text, timestamp } from './input.js';
import { isOpen } from './resharding.js';
import { placeOf, sequenceNumber, shardBase } from './sequence.js';
import { describeRange } from './shards.js';
import { horizonOf } from './store.js';
import { fromToken, toToken, TOKEN_LIFE } from './tokens.js';
import type { Answer, Input, Shard, Stream } from './types.js';

const TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const;

/** Where an iterator begins: the place of the record that it gives first. */
function startOf(input: Input, stream: Stream, { state, log }: Shard, context: CallContext): number {
  const type = oneOf(input, 'ShardIteratorType', TYPES);
  if (type === 'TRIM_HORIZON') return 1;
  if (type === 'LATEST') return log.next();
  if (type === 'AT_TIMESTAMP') {
    const time = timestamp(input, 'Timestamp');
    if (time === undefined) throw badArgument('Timestamp must be given for the shard iterator type AT_TIMESTAMP.');
    if (time > context.now) {
      throw badArgument(
        `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${time}, currentTimestampInMillis: ${context.now}`,
      );
    }
    return log.firstSince(time);
  }
  const number = text(input, 'StartingSequenceNumber', { optional: true });
  if (number === undefined) throw badArgument(`StartingSequenceNumber must be given for the shard iterator type ${type}.`);
  const place = placeOf(number, state, `in stream ${stream.state.name} under account ${context.accountId}`);
  // Place 0 is the shard's own StartingSequenceNumber: before its first record.
  return Math.min(log.next(), Math.max(1, type === 'AT_SEQUENCE_NUMBER' ? place : place + 1));
}

const iteratorAt = (stream: Stream, shard: Shard, place: number, now: number): string => toToken([stream.state.id, shard.state.id, place, now]);

export const getShardIterator: Operation = async (engine, input, context) => {
  const stream = await findReady(engine, input, context);
  const shard = findShard(stream, text(input, 'ShardId', { max: 128 }), context);
  return { ShardIterator: iteratorAt(stream, shard, startOf(input, stream, shard, context), context.now) };
};

function openIterator(token: string, now: number): { streamId: string; shardId: string; place: number } {
  const [streamId, shardId, place, issued] = fromToken(token, 'ShardIterator', ['string', 'string', 'number', 'number']) as [
    string,
    string,
    number,
    number,
  ];
  if (now - issued > TOKEN_LIFE) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(issued).toUTCString()} while right now it is ${new Date(now).toUTCString()} ` +
        `which is further in the future than the tolerated delay of ${TOKEN_LIFE} milliseconds.`,
    );
  }
  return { streamId, shardId, place };
}

export const getRecords: Operation = async (engine, input, context) => {
  const { limits, store } = engine;
  const { now } = context;
  const token = text(input, 'ShardIterator', { max: 512 });
  const count = integer(input, 'Limit', 1, Number.MAX_SAFE_INTEGER, limits.recordsPerRead);
  // The API reference of GetRecords names this exception for Limit, not the ValidationException of its other members.
  if (count > limits.recordsPerRead) throw badArgument(`Limit must be at most ${limits.recordsPerRead}. Specified value was ${count}.`);
  const { streamId, shardId, place } = openIterator(token, now);
  const stream = store.byId(streamId);
  if (!stream) throw new AwsError('ResourceNotFoundException', `The stream of this iterator under account ${context.accountId} is gone.`);
  await trim(stream, now);
  const shard = findShard(stream, shardId, context);
  if (!shard.reads.take(1, 0, now)) {
    throw new AwsError(
      'ProvisionedThroughputExceededException',
      `Rate exceeded for shard ${shardId} in stream ${stream.state.name} under account ${context.accountId}.`,
    );
  }
  const from = Math.max(place, shard.log.firstSince(horizonOf(stream.state, now)));
  const records = await whileThere(engine, stream, context, shard.log.read(from, count, limits.bytesPerRead));
  shard.reads.charge(records.reduce((sum, { size }) => sum + size, 0));
  const next = records.length === 0 ? from : from + records.length;
  const base = shardBase(shard.state);
  return {
    Records: records.map((record) => ({
      SequenceNumber: sequenceNumber(base, record.place),
      ApproximateArrivalTimestamp: record.arrival / 1000,
      Data: record.data,
      PartitionKey: record.partitionKey,
      EncryptionType: stream.state.keyId === undefined ? undefined : 'KMS',
    })),
    ...positionAfter(stream, shard, next, records.at(-1)?.arrival, now),
  };
};

/** What tells a reader how far it is: from the tip of an open shard, or at the end of a closed one. */
function positionAfter(stream: Stream, shard: Shard, next: number, lastRead: number | undefined, now: number): Answer {
  const behind = next < shard.log.next();
  // Never 0 while a record is left: 0 says that the reader has caught up.
  const millis = behind ? Math.max(1, now - (lastRead ?? shard.log.arrivalOf(next) ?? now)) : 0;
  if (behind || isOpen(shard.state)) return { NextShardIterator: iteratorAt(stream, shard, next, now), MillisBehindLatest: millis };
  const children = [...stream.shards.values()].filter(({ state }) => state.parent === shard.state.id || state.adjacentParent === shard.state.id);
  return {
    NextShardIterator: null,
    MillisBehindLatest: 0,
    ChildShards: children.map(({ state }) => ({
      ShardId: state.id,
      ParentShards: [state.parent, state.adjacentParent].filter((id) => id !== undefined),
      HashKeyRange: describeRange(state),
    })),
  };
}

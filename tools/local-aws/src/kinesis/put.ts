import { AwsError, type CallContext } from '../service.js';
import { findReady, whileThere, type Operation } from './engine.js';
import { hashOf, parseHashKey, toHex } from './hash-keys.js';
import { badArgument, invalid, list, text } from './input.js';
import { sequenceNumber, shardBase } from './sequence.js';
import type { LogRecord } from './segment.js';
import type { Answer, Input, Shard, Stream } from './types.js';

interface PutEntry extends LogRecord {
  readonly hash: string;
  /** Bytes of data and partition key: what the limits count. */
  readonly size: number;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const MAX_DATA = 10 * 1024 * 1024;

/** @throws AwsError for what AWS refuses whatever the stream's load is; a request with one such record is refused whole. */
function entryOf(input: Input, maxRecordKiB: number): PutEntry {
  const { Data: data, PartitionKey: partitionKey } = input;
  if (typeof data !== 'string') throw invalid('Data', undefined, 'Member must not be null');
  if (typeof partitionKey !== 'string' || partitionKey.length < 1 || partitionKey.length > 256) text(input, 'PartitionKey', { max: 256 });
  if (data.length % 4 !== 0 || !BASE64.test(data)) throw new AwsError('SerializationException', 'Data is not valid base64.');
  const dataSize = Buffer.byteLength(data, 'base64');
  if (dataSize > MAX_DATA) throw invalid('Data', `${dataSize} bytes`, `Member must have length less than or equal to ${MAX_DATA}`);
  const key = partitionKey as string;
  const size = dataSize + Buffer.byteLength(key);
  // 1 MiB unless the stream was given a larger maximum (up to 10 MiB since 2025, CreateStream and UpdateMaxRecordSize).
  if (size > maxRecordKiB * 1024) throw badArgument(`A record of ${size} bytes exceeds the stream's maximum record size of ${maxRecordKiB} KiB.`);
  const explicit = input['ExplicitHashKey'];
  return { data, partitionKey: key, size, hash: explicit == null ? hashOf(key) : toHex(parseHashKey(explicit, 'ExplicitHashKey')) };
}

function route({ open }: Stream, hash: string): Shard {
  let low = 0;
  for (let high = open.length - 1; low < high;) {
    const middle = (low + high) >>> 1;
    if ((open[middle] as Shard).state.lastHash < hash) low = middle + 1;
    else high = middle;
  }
  return open[low] as Shard;
}

const rateExceeded = (shard: Shard, stream: Stream, { accountId }: CallContext): string =>
  `Rate exceeded for shard ${shard.state.id} in stream ${stream.state.name} under account ${accountId}.`;

const encryption = ({ state }: Stream): 'KMS' | 'NONE' => (state.keyId === undefined ? 'NONE' : 'KMS');

export const putRecord: Operation = async (engine, input, context) => {
  const stream = await findReady(engine, input, context);
  const entry = entryOf(input, stream.state.maxRecordKiB);
  while (stream.resharding) await stream.resharding;
  const shard = route(stream, entry.hash);
  if (!shard.writes.take(1, entry.size, context.now)) {
    throw new AwsError('ProvisionedThroughputExceededException', rateExceeded(shard, stream, context));
  }
  const place = await whileThere(engine, stream, context, shard.log.append([entry], context.now));
  return { ShardId: shard.state.id, SequenceNumber: sequenceNumber(shardBase(shard.state), place), EncryptionType: encryption(stream) };
};

/** A record that is refused by a fault on request gets one of the two codes that the API reference names: a fifth InternalFailure, the others throttled. */
function faultOf(context: CallContext, shard: Shard, stream: Stream): Answer | undefined {
  const { fault } = context;
  const drawn = fault?.random() ?? 1;
  if (!fault || drawn >= fault.partialRate) return undefined;
  return drawn < fault.partialRate / 5
    ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' }
    : { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: rateExceeded(shard, stream, context) };
}

export const putRecords: Operation = async (engine, input, context) => {
  const stream = await findReady(engine, input, context);
  const { recordsPerRequest, bytesPerRequest } = engine.limits;
  const entries = list(input, 'Records', recordsPerRequest).map((record) => entryOf((record ?? {}) as Input, stream.state.maxRecordKiB));
  if (entries.reduce((sum, { size }) => sum + size, 0) > bytesPerRequest) {
    throw badArgument(`Records size exceeds ${bytesPerRequest / 1024 / 1024} MB limit`);
  }
  while (stream.resharding) await stream.resharding;

  const results = new Array<Answer>(entries.length);
  const accepted = new Map<Shard, number[]>();
  entries.forEach((entry, i) => {
    const shard = route(stream, entry.hash);
    const refusal = faultOf(context, shard, stream);
    if (refusal) results[i] = refusal;
    else if (shard.writes.take(1, entry.size, context.now)) {
      const places = accepted.get(shard);
      if (places) places.push(i);
      else accepted.set(shard, [i]);
    } else results[i] = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: rateExceeded(shard, stream, context) };
  });
  const writes = await Promise.allSettled([...accepted].map(([shard, indexes]) => store(shard, indexes, entries, results, context)));
  // Nothing stored: the caller learns why. Something stored: only the other records are to be sent again.
  const failed = writes.find((write) => write.status === 'rejected');
  if (failed && writes.every((write) => write.status === 'rejected')) await whileThere(engine, stream, context, Promise.reject(failed.reason));
  return {
    FailedRecordCount: results.filter((result) => 'ErrorCode' in result).length,
    Records: results,
    EncryptionType: encryption(stream),
  };
};

/** One shard's part of a request. */
async function store(shard: Shard, indexes: readonly number[], entries: readonly PutEntry[], results: Answer[], { now }: CallContext): Promise<void> {
  for (const i of indexes) results[i] = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
  const first = await shard.log.append(
    indexes.map((i) => entries[i] as PutEntry),
    now,
  );
  const base = shardBase(shard.state);
  indexes.forEach((i, n) => {
    results[i] = { SequenceNumber: sequenceNumber(base, first + n), ShardId: shard.state.id };
  });
}

import { AwsError, type CallContext } from '../service.js';
import { findActive, findShard, findStream, requireProvisioned, updating, type Engine, type Operation } from './engine.js';
import { parseHashKey, toDecimal } from './hash-keys.js';
import { badArgument, integer, oneOf, structure, text, timestamp } from './input.js';
import { areAdjacent, isOpen, merge, openShards, scaleUniformly, split, type Reshard } from './resharding.js';
import { sequenceNumber, shardBase } from './sequence.js';
import { horizonOf, isExpired } from './store.js';
import { fromToken, toToken, TOKEN_LIFE } from './tokens.js';
import type { Answer, Input, ShardState, Stream, StreamState } from './types.js';

export const describeRange = ({ firstHash, lastHash }: ShardState): Answer => ({
  StartingHashKey: toDecimal(firstHash),
  EndingHashKey: toDecimal(lastHash),
});

export function describeShard(shard: ShardState): Answer {
  const base = shardBase(shard);
  return {
    ShardId: shard.id,
    ParentShardId: shard.parent,
    AdjacentParentShardId: shard.adjacentParent,
    HashKeyRange: describeRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(base, 0),
      EndingSequenceNumber: shard.closed === undefined ? undefined : sequenceNumber(base, (shard.recordsAtClose ?? 0) + 1),
    },
  };
}

/** All shards within retention, in order of their ids. */
export const listedShards = ({ shards, retentionHours }: StreamState, now: number): ShardState[] =>
  shards.filter((shard) => !isExpired(shard, retentionHours, now));

const FILTERS = ['AFTER_SHARD_ID', 'AT_TRIM_HORIZON', 'FROM_TRIM_HORIZON', 'AT_LATEST', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'] as const;

/** The API reference of ShardFilter. */
function shardFilter(filter: Input | undefined, state: StreamState, now: number): (shard: ShardState) => boolean {
  if (!filter) return () => true;
  const type = oneOf(filter, 'Type', FILTERS);
  const openAt = (time: number) => (shard: ShardState) => shard.created <= time && (shard.closed === undefined || shard.closed >= time);
  const trimHorizon = Math.max(horizonOf(state, now), state.created);
  if (type === 'AT_LATEST') return isOpen;
  if (type === 'FROM_TRIM_HORIZON') return () => true;
  if (type === 'AT_TRIM_HORIZON') return openAt(trimHorizon);
  if (type === 'AFTER_SHARD_ID') {
    const after = text(filter, 'ShardId', { max: 128 });
    return ({ id }) => id > after;
  }
  const time = timestamp(filter, 'Timestamp');
  if (time === undefined) throw badArgument(`Timestamp must be given for the shard filter ${type}.`);
  if (type === 'AT_TIMESTAMP') return openAt(Math.max(time, trimHorizon));
  return (shard) => shard.closed === undefined || shard.closed >= time;
}

interface ShardPage {
  readonly stream: Stream;
  readonly after: string;
  readonly filter: Input | undefined;
}

async function firstPage(engine: Engine, input: Input, context: CallContext): Promise<ShardPage> {
  const stream = await findStream(engine, input, context);
  return { stream, after: text(input, 'ExclusiveStartShardId', { optional: true, max: 128 }) ?? '', filter: structure(input, 'ShardFilter') };
}

function furtherPage(engine: Engine, input: Input, token: string, { now, accountId }: CallContext): ShardPage {
  for (const member of ['StreamName', 'StreamARN', 'ExclusiveStartShardId', 'StreamCreationTimestamp']) {
    if (input[member] !== undefined) throw badArgument(`NextToken and ${member} cannot be provided together.`);
  }
  const [id, after, filter, issued] = fromToken(token, 'NextToken', ['string', 'string', 'string', 'number']) as [string, string, string, number];
  if (now - issued > TOKEN_LIFE) {
    throw new AwsError('ExpiredNextTokenException', `NextToken expired: it was given more than ${TOKEN_LIFE} milliseconds ago.`);
  }
  const stream = engine.store.byId(id);
  if (!stream) throw new AwsError('ResourceNotFoundException', `The stream of this NextToken under account ${accountId} is gone.`);
  return { stream, after, filter: filter === '' ? undefined : (JSON.parse(filter) as Input) };
}

export const listShards: Operation = async (engine, input, context) => {
  const token = text(input, 'NextToken', { optional: true, max: 1024 * 1024 });
  const size = integer(input, 'MaxResults', 1, 10_000, 1_000);
  const page = token === undefined ? await firstPage(engine, input, context) : furtherPage(engine, input, token, context);
  const { state } = page.stream;
  const shards = listedShards(state, context.now)
    .filter(shardFilter(page.filter, state, context.now))
    .filter(({ id }) => id > page.after);
  const shown = shards.slice(0, size);
  const filter = page.filter ? JSON.stringify(page.filter) : '';
  return {
    Shards: shown.map(describeShard),
    NextToken: shards.length > size ? toToken([state.id, shown.at(-1)?.id ?? '', filter, context.now]) : undefined,
  };
};

/** Waits for the writers, closes and makes the shards that `change` says, and shows the stream as UPDATING for a while. */
async function reshard(
  engine: Engine,
  stream: Stream,
  context: CallContext,
  change: (shards: readonly ShardState[], reshard: Reshard) => readonly ShardState[],
  more: Partial<StreamState> = {},
): Promise<void> {
  await engine.store.reshard(stream, (recordsOf) => {
    const { state } = stream;
    return { ...updating(engine, state, context.now), ...more, shards: change(state.shards, { now: context.now, recordsOf }) };
  });
}

export function requireQuota(engine: Engine, more: number): void {
  const open = engine.store
    .all()
    .filter(({ state }) => state.mode === 'PROVISIONED')
    .reduce((sum, stream) => sum + stream.open.length, 0);
  if (open + more <= engine.limits.shards) return;
  throw new AwsError(
    'LimitExceededException',
    `This request would exceed the shard limit for the account. Current shard count for the account: ${open}. Limit: ${engine.limits.shards}. ` +
      `Number of additional shards that would have resulted from this request: ${more}.`,
  );
}

function openShardOf(stream: Stream, id: string, context: CallContext): ShardState {
  const { state } = findShard(stream, id, context);
  if (isOpen(state)) return state;
  throw badArgument(`Shard ${id} in stream ${stream.state.name} under account ${context.accountId} is closed.`);
}

export const splitShard: Operation = async (engine, input, context) => {
  const stream = await findActive(engine, input, context);
  requireProvisioned(stream, context);
  const shard = openShardOf(stream, text(input, 'ShardToSplit', { max: 128 }), context);
  const at = parseHashKey(input['NewStartingHashKey'], 'NewStartingHashKey');
  const [first, last] = [BigInt(`0x${shard.firstHash}`), BigInt(`0x${shard.lastHash}`)];
  if (at <= first + 1n || at >= last) {
    throw badArgument(
      `NewStartingHashKey ${at} used in SplitShard() on shard ${shard.id} in stream ${stream.state.name} under account ${context.accountId} ` +
        `is not both greater than one plus the shard's StartingHashKey ${first} and less than the shard's EndingHashKey ${last}.`,
    );
  }
  requireQuota(engine, 1);
  await reshard(engine, stream, context, (shards, how) => split(shards, shard, at, how));
  return {};
};

export const mergeShards: Operation = async (engine, input, context) => {
  const stream = await findActive(engine, input, context);
  requireProvisioned(stream, context);
  const shard = openShardOf(stream, text(input, 'ShardToMerge', { max: 128 }), context);
  const adjacent = openShardOf(stream, text(input, 'AdjacentShardToMerge', { max: 128 }), context);
  if (!areAdjacent(shard, adjacent)) {
    throw badArgument(
      `Shards ${shard.id} and ${adjacent.id} in stream ${stream.state.name} under account ${context.accountId} are not an adjacent pair of shards eligible for merging.`,
    );
  }
  await reshard(engine, stream, context, (shards, how) => merge(shards, shard, adjacent, how));
  return {};
};

const DAY = 86_400_000;
const exceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);

export const updateShardCount: Operation = async (engine, input, context) => {
  const stream = await findActive(engine, input, context);
  requireProvisioned(stream, context);
  oneOf(input, 'ScalingType', ['UNIFORM_SCALING']);
  const target = integer(input, 'TargetShardCount', 1, 10_000);
  const current = openShards(stream.state.shards).length;
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (target > current * 2) throw exceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  if (target < current / 2) throw exceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  const scalings = stream.state.scalings.filter((time) => time > context.now - DAY);
  if (scalings.length >= engine.limits.scalingsPerDay) {
    throw exceeded(`The shard count of a stream can be updated ${engine.limits.scalingsPerDay} times in 24 hours.`);
  }
  requireQuota(engine, target - current);
  await reshard(engine, stream, context, (shards, how) => scaleUniformly(shards, target, how), { scalings: [...scalings, context.now] });
  return { StreamName: stream.state.name, StreamARN: stream.state.arn, CurrentShardCount: current, TargetShardCount: target };
};

import { findActive, findStream, updating, type Engine, type Operation } from './engine.js';
import { badArgument, integer, invalid, list, oneOf, tagMap, text } from './input.js';
import type { Answer, Input, Stream, StreamState } from './types.js';

export const METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const;

const MIN_HOURS = 24;
const MAX_HOURS = 8760;

function retention(input: Input, { name, retentionHours: existing }: StreamState, direction: 'increase' | 'decrease'): number {
  const hours = integer(input, 'RetentionPeriodHours', 0, Number.MAX_SAFE_INTEGER);
  if (hours < MIN_HOURS) {
    throw badArgument(`Minimum allowed retention period is ${MIN_HOURS} hours. Requested retention period (${hours} hours) is too short.`);
  }
  if (hours > MAX_HOURS) {
    throw badArgument(`Maximum allowed retention period is ${MAX_HOURS} hours. Requested retention period (${hours} hours) is too long.`);
  }
  const requested = `Requested retention period (${hours} hours) for stream ${name}`;
  if (direction === 'increase' && hours < existing) {
    throw badArgument(`${requested} can not be shorter than existing retention period (${existing} hours). Use DecreaseRetentionPeriod API.`);
  }
  if (direction === 'decrease' && hours > existing) {
    throw badArgument(`${requested} can not be longer than existing retention period (${existing} hours). Use IncreaseRetentionPeriod API.`);
  }
  return hours;
}

const changeRetention =
  (direction: 'increase' | 'decrease'): Operation =>
  async (engine, input, context) => {
    const { state } = await findActive(engine, input, context);
    await engine.store.save({ ...updating(engine, state, context.now), retentionHours: retention(input, state, direction) });
    return {};
  };

export const increaseStreamRetentionPeriod = changeRetention('increase');
export const decreaseStreamRetentionPeriod = changeRetention('decrease');

const MAX_TAGS = 50;

async function saveTags(engine: Engine, { state }: Stream, tags: Readonly<Record<string, string>>): Promise<Answer> {
  if (Object.keys(tags).length > MAX_TAGS) throw badArgument(`A stream can have at most ${MAX_TAGS} tags.`);
  await engine.store.save({ ...state, tags });
  return {};
}

const without = (tags: Readonly<Record<string, string>>, keys: readonly unknown[]): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

export const addTagsToStream: Operation = async (engine, input, context) => {
  const stream = await findStream(engine, input, context);
  const added = tagMap(input, 'Tags', MAX_TAGS);
  if (Object.keys(added).length === 0) throw invalid('Tags', '{}', 'Member must have length greater than or equal to 1');
  return saveTags(engine, stream, { ...stream.state.tags, ...added });
};

export const removeTagsFromStream: Operation = async (engine, input, context) => {
  const stream = await findStream(engine, input, context);
  return saveTags(engine, stream, without(stream.state.tags, list(input, 'TagKeys', MAX_TAGS)));
};

export const listTagsForStream: Operation = async (engine, input, context) => {
  const { state } = await findStream(engine, input, context);
  const size = integer(input, 'Limit', 1, MAX_TAGS, MAX_TAGS);
  const after = text(input, 'ExclusiveStartTagKey', { optional: true, max: 128 });
  const tags = Object.entries(state.tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1))
    .filter(({ Key }) => after === undefined || Key > after);
  return { Tags: tags.slice(0, size), HasMoreTags: tags.length > size };
};

export const startStreamEncryption: Operation = async (engine, input, context) => {
  oneOf(input, 'EncryptionType', ['KMS']);
  const keyId = text(input, 'KeyId');
  const { state } = await findActive(engine, input, context);
  await engine.store.save({ ...updating(engine, state, context.now), keyId });
  return {};
};

export const stopStreamEncryption: Operation = async (engine, input, context) => {
  oneOf(input, 'EncryptionType', ['KMS']);
  text(input, 'KeyId');
  const { state } = await findActive(engine, input, context);
  await engine.store.save({ ...updating(engine, state, context.now), keyId: undefined });
  return {};
};

const changeMonitoring =
  (change: (current: readonly string[], named: readonly string[]) => string[]): Operation =>
  async (engine, input, context) => {
    const { state } = await findActive(engine, input, context);
    const named = list(input, 'ShardLevelMetrics', METRICS.length).flatMap((metric) => (metric === 'ALL' ? METRICS : [String(metric)]));
    const unknown = named.find((metric) => !METRICS.some((known) => known === metric));
    if (unknown !== undefined) throw invalid('ShardLevelMetrics', unknown, `Member must satisfy enum value set: [ALL, ${METRICS.join(', ')}]`);
    const desired = change(state.metrics, named);
    await engine.store.save({ ...updating(engine, state, context.now), metrics: desired });
    return { StreamName: state.name, StreamARN: state.arn, CurrentShardLevelMetrics: state.metrics, DesiredShardLevelMetrics: desired };
  };

export const enableEnhancedMonitoring = changeMonitoring((current, named) => [...new Set([...current, ...named])]);
export const disableEnhancedMonitoring = changeMonitoring((current, named) => current.filter((metric) => !named.includes(metric)));

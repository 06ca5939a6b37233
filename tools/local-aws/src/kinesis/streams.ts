import { AwsError } from '../service.js';
import { findActive, findStream, statusOf, STREAM_NAME, updating, type Operation } from './engine.js';
import { badArgument, integer, oneOf, structure, tagMap, text } from './input.js';
import { initialShards, openShards } from './resharding.js';
import { describeShard, listedShards, requireQuota } from './shards.js';
import { METRICS } from './settings.js';
import type { Answer, Input, StreamState } from './types.js';

const MODES = ['PROVISIONED', 'ON_DEMAND'] as const;
/** A new on-demand stream takes 4 MB/s, that is four shards (Quotas page). It does not grow here. */
const ON_DEMAND_SHARDS = 4;
const MAX_TAGS = 50;
export const MAX_ON_DEMAND_STREAMS = 50;

export const createStream: Operation = async (engine, input, context) => {
  const name = text(input, 'StreamName', { max: 128, pattern: STREAM_NAME });
  const details = structure(input, 'StreamModeDetails');
  const mode = details ? oneOf(details, 'StreamMode', MODES) : 'PROVISIONED';
  if (mode === 'ON_DEMAND' && input['ShardCount'] !== undefined) throw badArgument('ShardCount can not be given for a stream in On-Demand mode.');
  const count = mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : integer(input, 'ShardCount', 1, 100_000);
  const maxRecordKiB = integer(input, 'MaxRecordSizeInKiB', 1024, 10_240, 1024);
  const tags = tagMap(input, 'Tags', MAX_TAGS);
  if (engine.store.get(name)) {
    throw new AwsError('ResourceInUseException', `Stream ${name} under account ${context.accountId} already exists.`);
  }
  if (mode === 'PROVISIONED') requireQuota(engine, count);
  const state: StreamState = {
    id: `${context.now.toString(36)}${Math.floor(engine.random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0')}`,
    name,
    arn: `arn:aws:kinesis:${context.region}:${context.accountId}:stream/${name}`,
    created: context.now,
    mode,
    retentionHours: 24,
    maxRecordKiB,
    shards: initialShards(count, context.now),
    tags,
    consumers: [],
    metrics: [],
    scalings: [],
  };
  await engine.store.save(updating(engine, state, context.now, 'CREATING'));
  return {};
};

/** The stream is gone at once: the minutes of DELETING that AWS may show are left out. */
export const deleteStream: Operation = async (engine, input, context) => {
  const stream = await findStream(engine, input, context);
  if (stream.state.consumers.length > 0 && input['EnforceConsumerDeletion'] !== true) {
    throw new AwsError(
      'ResourceInUseException',
      `Stream ${stream.state.name} under account ${context.accountId} has consumers; deregister them or set EnforceConsumerDeletion.`,
    );
  }
  await engine.store.remove(stream);
  return {};
};

const described = (state: StreamState, now: number): Answer => ({
  StreamName: state.name,
  StreamARN: state.arn,
  StreamStatus: statusOf(state, now),
  StreamModeDetails: { StreamMode: state.mode },
  StreamCreationTimestamp: state.created / 1000,
});

const settingsOf = (state: StreamState): Answer => ({
  RetentionPeriodHours: state.retentionHours,
  EnhancedMonitoring: [{ ShardLevelMetrics: METRICS.filter((metric) => state.metrics.includes(metric)) }],
  EncryptionType: state.keyId === undefined ? 'NONE' : 'KMS',
  KeyId: state.keyId,
});

export const describeStream: Operation = async (engine, input, context) => {
  const { state } = await findStream(engine, input, context);
  const size = integer(input, 'Limit', 1, 10_000, 100);
  const after = text(input, 'ExclusiveStartShardId', { optional: true, max: 128 }) ?? '';
  const shards = listedShards(state, context.now).filter(({ id }) => id > after);
  return {
    StreamDescription: {
      ...described(state, context.now),
      ...settingsOf(state),
      Shards: statusOf(state, context.now) === 'CREATING' ? [] : shards.slice(0, size).map(describeShard),
      HasMoreShards: shards.length > size,
    },
  };
};

export const describeStreamSummary: Operation = async (engine, input, context) => {
  const { state } = await findStream(engine, input, context);
  return {
    StreamDescriptionSummary: {
      ...described(state, context.now),
      ...settingsOf(state),
      OpenShardCount: openShards(state.shards).length,
      ConsumerCount: state.consumers.length,
      MaxRecordSizeInKiB: state.maxRecordKiB,
    },
  };
};

export const listStreams: Operation = async (engine, input, { now }) => {
  const size = integer(input, 'Limit', 1, 10_000, 100);
  const token = text(input, 'NextToken', { optional: true });
  const after =
    token === undefined ? (text(input, 'ExclusiveStartStreamName', { optional: true, max: 128 }) ?? '') : Buffer.from(token, 'base64').toString();
  const streams = engine.store.all().filter(({ state }) => state.name > after);
  const page = streams.slice(0, size);
  const more = streams.length > size;
  return {
    StreamNames: page.map(({ state }) => state.name),
    HasMoreStreams: more,
    NextToken: more ? Buffer.from(page.at(-1)?.state.name ?? '').toString('base64') : undefined,
    StreamSummaries: page.map(({ state }) => described(state, now)),
  };
};

export const describeLimits: Operation = async (engine) => {
  const streams = engine.store.all();
  const provisioned = streams.filter(({ state }) => state.mode === 'PROVISIONED');
  return {
    ShardLimit: engine.limits.shards,
    OpenShardCount: provisioned.reduce((sum, { open }) => sum + open.length, 0),
    OnDemandStreamCount: streams.length - provisioned.length,
    OnDemandStreamCountLimit: MAX_ON_DEMAND_STREAMS,
  };
};

const DAY = 86_400_000;

/** "You can switch between the on-demand and provisioned capacity modes twice within 24 hours" (UpdateStreamMode). The shards stay as they are. */
export const updateStreamMode: Operation = async (engine, input, context) => {
  text(input, 'StreamARN');
  const mode = oneOf(structure(input, 'StreamModeDetails') ?? {}, 'StreamMode', MODES);
  const { state } = await findActive(engine, input, context);
  const switches = (state.modeSwitches ?? []).filter((time) => time > context.now - DAY);
  const { modeSwitchesPerDay } = engine.limits;
  if (switches.length >= modeSwitchesPerDay)
    throw new AwsError('LimitExceededException', `The capacity mode of a stream can be switched ${modeSwitchesPerDay} times in 24 hours.`);
  await engine.store.save({ ...updating(engine, state, context.now), mode, modeSwitches: [...switches, context.now] });
  return {};
};

export const updateMaxRecordSize: Operation = async (engine, input: Input, context) => {
  const { state } = await findActive(engine, input, context);
  await engine.store.save({ ...updating(engine, state, context.now), maxRecordKiB: integer(input, 'MaxRecordSizeInKiB', 1024, 10_240) });
  return {};
};

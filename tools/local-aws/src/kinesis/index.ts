import { AwsError, type JsonService } from '../service.js';
import * as consumers from './consumers.js';
import type { Engine, Operation } from './engine.js';
import { getRecords, getShardIterator } from './get.js';
import { putRecord, putRecords } from './put.js';
import * as settings from './settings.js';
import { listShards, mergeShards, splitShard, updateShardCount } from './shards.js';
import { openStreamStore } from './store.js';
import * as streams from './streams.js';
import type { KinesisLimits } from './types.js';

export type { KinesisLimits } from './types.js';

export interface KinesisOptions {
  /** The server's state folder; the streams lie in its sub-folder `kinesis`. */
  readonly dataDir: string;
  /** Epoch milliseconds: what is past retention is dropped on opening. */
  readonly now: () => number;
  /** In [0, 1); names streams' folders. Default `Math.random`. */
  readonly random?: () => number;
  /** What differs from AWS's limits. Default: AWS's. */
  readonly limits?: Partial<KinesisLimits>;
  /** Milliseconds for which a stream shows CREATING or UPDATING after a change. Default 0: it is ACTIVE at once, so that nothing waits. */
  readonly transitionMs?: number;
}

const AWS_LIMITS: KinesisLimits = {
  recordsPerShardSecond: 1_000,
  bytesPerShardSecond: 1024 * 1024,
  recordsPerRequest: 500,
  bytesPerRequest: 10 * 1024 * 1024,
  recordsPerRead: 10_000,
  bytesPerRead: 10 * 1024 * 1024,
  readsPerShardSecond: 5,
  readBytesPerShardSecond: 2 * 1024 * 1024,
  shards: 1_000,
  scalingsPerDay: 10,
  modeSwitchesPerDay: 2,
  consumersPerStream: 20,
};

/** These run side by side; every other operation that isn't a mere reading waits for the one before it. */
const DATA: Readonly<Record<string, Operation>> = {
  PutRecord: putRecord,
  PutRecords: putRecords,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  ListShards: listShards,
  DescribeStream: streams.describeStream,
  DescribeStreamSummary: streams.describeStreamSummary,
  DescribeLimits: streams.describeLimits,
  ListStreams: streams.listStreams,
  ListTagsForStream: settings.listTagsForStream,
  DescribeStreamConsumer: consumers.describeStreamConsumer,
  ListStreamConsumers: consumers.listStreamConsumers,
};

const CONTROL: Readonly<Record<string, Operation>> = {
  CreateStream: streams.createStream,
  DeleteStream: streams.deleteStream,
  UpdateStreamMode: streams.updateStreamMode,
  UpdateMaxRecordSize: streams.updateMaxRecordSize,
  SplitShard: splitShard,
  MergeShards: mergeShards,
  UpdateShardCount: updateShardCount,
  IncreaseStreamRetentionPeriod: settings.increaseStreamRetentionPeriod,
  DecreaseStreamRetentionPeriod: settings.decreaseStreamRetentionPeriod,
  AddTagsToStream: settings.addTagsToStream,
  RemoveTagsFromStream: settings.removeTagsFromStream,
  StartStreamEncryption: settings.startStreamEncryption,
  StopStreamEncryption: settings.stopStreamEncryption,
  EnableEnhancedMonitoring: settings.enableEnhancedMonitoring,
  DisableEnhancedMonitoring: settings.disableEnhancedMonitoring,
  RegisterStreamConsumer: consumers.registerStreamConsumer,
  DeregisterStreamConsumer: consumers.deregisterStreamConsumer,
};

/**
 * Kinesis Data Streams as its API reference describes it. Left out: SubscribeToShard (an HTTP/2 event stream), resource policies, the growth of
 * on-demand streams, and the regions: all names lie in one.
 */
export async function createKinesis(options: KinesisOptions): Promise<JsonService> {
  const limits = { ...AWS_LIMITS, ...options.limits };
  const store = await openStreamStore(options.dataDir, limits, options.now());
  const engine: Engine = { store, limits, transitionMs: options.transitionMs ?? 0, random: options.random ?? Math.random };
  let last: Promise<unknown> = Promise.resolve();
  return {
    targetPrefix: 'Kinesis_20131202',
    async call(name, input, context) {
      const data = DATA[name];
      if (data) return data(engine, input, context);
      const control = CONTROL[name];
      if (!control) throw new AwsError('UnknownOperationException', `Kinesis has no operation ${name} here.`);
      const answer = last.then(() => control(engine, input, context));
      last = answer.catch(() => undefined); // the caller has the error; the next in line goes on
      return answer;
    },
    async close() {
      await last;
      await store.close();
    },
  };
}

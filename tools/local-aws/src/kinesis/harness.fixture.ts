import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext, JsonService } from '../service.js';
import { createKinesis, type KinesisOptions } from './index.js';

export interface Harness {
  readonly dataDir: string;
  /** The clock; a spec moves it. */
  now: number;
  call<T = Record<string, never>>(operation: string, input?: Record<string, unknown>, more?: Partial<CallContext>): Promise<T>;
  /** A second server on the same folder without the first having been closed: what a start after `kill -9` finds. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Kinesis on a new folder and a clock that stands still. */
export async function startKinesis(options: Partial<KinesisOptions> = {}): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loadin-kinesis-'));
  const harness = { dataDir, now: 1_700_000_000_000 };
  const open = (): Promise<JsonService> => createKinesis({ dataDir, now: () => harness.now, ...options });
  const services = [await open()];
  return Object.assign(harness, {
    call: async <T>(operation: string, input: Record<string, unknown> = {}, more: Partial<CallContext> = {}): Promise<T> =>
      (await services.at(-1)?.call(operation, input, { now: harness.now, region: 'eu-west-1', accountId: '000000000000', ...more })) as T,
    restart: async () => void services.push(await open()),
    close: async () => {
      for (const service of services) await service.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const records = (count: number, size = 1, prefix = 'k'): { Data: string; PartitionKey: string }[] =>
  Array.from({ length: count }, (_, i) => ({ Data: base64('x'.repeat(size)), PartitionKey: `${prefix}${i}` }));

export interface PutAnswer {
  FailedRecordCount: number;
  Records: { SequenceNumber?: string; ShardId?: string; ErrorCode?: string; ErrorMessage?: string }[];
}

export interface ReadAnswer {
  Records: { SequenceNumber: string; Data: string; PartitionKey: string; ApproximateArrivalTimestamp: number }[];
  NextShardIterator: string | null;
  MillisBehindLatest: number;
  ChildShards?: { ShardId: string; ParentShards: string[] }[];
}

export interface ShardAnswer {
  ShardId: string;
  ParentShardId?: string;
  AdjacentParentShardId?: string;
  HashKeyRange: { StartingHashKey: string; EndingHashKey: string };
  SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string };
}

/** The shards of a stream. */
export async function shardsOf({ call }: Harness, StreamName: string): Promise<ShardAnswer[]> {
  return (await call<{ Shards: ShardAnswer[] }>('ListShards', { StreamName })).Shards;
}

/** The first page of a shard from an iterator type on. */
export async function readFrom(harness: Harness, StreamName: string, iterator: Record<string, unknown> = {}, Limit?: number): Promise<ReadAnswer> {
  const { ShardIterator } = await harness.call('GetShardIterator', {
    StreamName,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
    ...iterator,
  });
  return harness.call('GetRecords', { ShardIterator, Limit });
}

export const dataOf = ({ Records }: ReadAnswer): string[] => Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());

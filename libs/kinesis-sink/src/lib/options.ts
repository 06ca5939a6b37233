import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { BatchRecord } from '@loadin/pipeline';
import { FatalError, type Clock } from '@loadin/resilience';
import {
  LARGEST_REQUEST_BYTES,
  MAX_RECORD_BYTES,
  MAX_REQUEST_BYTES,
  MAX_REQUEST_RECORDS,
  SHARD_BYTES_PER_SECOND,
  SHARD_RECORDS_PER_SECOND,
} from './limits.js';

export interface KinesisSinkOptions {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Requests under way at the same time, over all batches. Default: 4 (at 50 ms each these are 40,000 records a second; the shards' pace limits earlier). */
  readonly concurrency?: number;
  /** How often a record may be refused before its shard counts as stuck: its records are left pending, those of other shards are delivered. Default: 15: with these waits about half a minute, many throttling windows of a second. */
  readonly recordAttempts?: number;
  /** How often in a row whole requests may fail before the write does. Default: 3, each after all tries of the SDK. */
  readonly requestAttempts?: number;
  /** The largest record with its key, in bytes, at most 10 MiB. Default: 1 MiB; raise it with the stream's own limit. */
  readonly maxRecordBytes?: number;
  /** The largest request, data and keys, in bytes, at most 10 MiB. Default: 5 MiB (taken everywhere), or the largest record. */
  readonly maxRequestBytes?: number;
  /** How much may be in the sink at a time, over all batches; `write` waits for room. Default: 20,000 records and 64 MB of JSON: four of the largest batches. */
  readonly maxOutstanding?: { readonly records?: number; readonly bytes?: number };
  /** What one shard takes in a second, in records. Default: 1,000, as AWS says. `Infinity`: only refusals slow it down. */
  readonly shardRecordsPerSecond?: number;
  /** What one shard takes in a second, in bytes. Default: 1 MiB, as AWS says. `Infinity`: only refusals slow it down. */
  readonly shardBytesPerSecond?: number;
  /** Whether to ask which shards there are (`kinesis:ListShards`), to write to each at its own pace. Default: yes; without the permission it is done without. */
  readonly routeByShard?: boolean;
  /** The hash key that decides the record's shard, in decimal, where that shall not be its partition key. Records of one key need the same one. Default: none. */
  readonly explicitHashKey?: (record: BatchRecord) => string | undefined;
  /** The first wait after a refusal is below this, in milliseconds. Default: 100. */
  readonly backoffBaseMs?: number;
  /** No wait after a refusal is longer, in milliseconds. Default: 5,000. */
  readonly backoffMaxMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of the waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/** The options with their defaults. Throws `FatalError` that names the one that can't be. */
export function validated(options: KinesisSinkOptions) {
  const maxRecordBytes = checked('maxRecordBytes', options.maxRecordBytes ?? MAX_RECORD_BYTES, { most: LARGEST_REQUEST_BYTES });
  const maxBytes = checked('maxRequestBytes', options.maxRequestBytes ?? MAX_REQUEST_BYTES, { most: LARGEST_REQUEST_BYTES });
  return {
    maxRecordBytes,
    limits: { maxRecords: MAX_REQUEST_RECORDS, maxBytes: Math.max(maxBytes, maxRecordBytes) },
    concurrency: checked('concurrency', options.concurrency ?? 4),
    recordAttempts: checked('recordAttempts', options.recordAttempts ?? 15),
    requestAttempts: checked('requestAttempts', options.requestAttempts ?? 3),
    maxOutstanding: {
      records: checked('maxOutstanding.records', options.maxOutstanding?.records ?? 20_000),
      bytes: checked('maxOutstanding.bytes', options.maxOutstanding?.bytes ?? 64_000_000),
    },
    perShard: {
      recordsPerSecond: checked('shardRecordsPerSecond', options.shardRecordsPerSecond ?? SHARD_RECORDS_PER_SECOND),
      bytesPerSecond: checked('shardBytesPerSecond', options.shardBytesPerSecond ?? SHARD_BYTES_PER_SECOND),
    },
    backoff: {
      baseMs: checked('backoffBaseMs', options.backoffBaseMs ?? 100, { least: 0 }),
      maxMs: checked('backoffMaxMs', options.backoffMaxMs ?? 5_000, { least: 0 }),
    },
    routeByShard: options.routeByShard ?? true,
  };
}

function checked(name: string, value: number, { least = 1, most = Infinity }: { readonly least?: number; readonly most?: number } = {}): number {
  if (value >= least && value <= most) return value;
  const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  throw new FatalError(`createKinesisSink: ${name} is ${value}; it must be ${range}`, { hint: 'Correct this option of the sink.' });
}

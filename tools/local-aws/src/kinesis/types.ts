import type { ThroughputWindow } from './throughput.js';
import type { ShardLog } from './shard-log.js';

export type Input = Readonly<Record<string, unknown>>;
export type Answer = Record<string, unknown>;

/** What AWS allows; a test or benchmark may raise or lower each. */
export interface KinesisLimits {
  /** Writes per shard. Default 1,000 records and 1 MiB (data and partition keys) a second. */
  readonly recordsPerShardSecond: number;
  readonly bytesPerShardSecond: number;
  /** PutRecords: default 500 records and 10 MiB with partition keys (the API reference's figures since records may have 10 MiB; it was 5 MiB before). */
  readonly recordsPerRequest: number;
  readonly bytesPerRequest: number;
  /** GetRecords: default 10,000 records and 10 MiB a call. */
  readonly recordsPerRead: number;
  readonly bytesPerRead: number;
  /** GetRecords per shard: default 5 calls and 2 MiB a second. */
  readonly readsPerShardSecond: number;
  readonly readBytesPerShardSecond: number;
  /** Open shards of all provisioned streams. Default 1,000 (the service's smallest regional quota). */
  readonly shards: number;
  /** UpdateShardCount calls per stream in 24 hours. Default 10. */
  readonly scalingsPerDay: number;
  /** UpdateStreamMode calls per stream in 24 hours. Default 2. */
  readonly modeSwitchesPerDay: number;
  /** Registered consumers per stream. Default 20. */
  readonly consumersPerStream: number;
}

/** A shard as the journal keeps it. Times are epoch milliseconds, hash keys 32 hexadecimal digits (they sort as text). */
export interface ShardState {
  /** `shardId-000000000000`; the number is its ordinal in the stream. */
  readonly id: string;
  readonly ordinal: number;
  readonly firstHash: string;
  readonly lastHash: string;
  readonly parent?: string;
  readonly adjacentParent?: string;
  /** Part of its sequence numbers: a child's is greater than its parents', so that its numbers are, too. */
  readonly created: number;
  readonly closed?: number;
  /** Records it had when it was closed. */
  readonly recordsAtClose?: number;
}

export interface ConsumerState {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A stream as the journal keeps it. */
export interface StreamState {
  /** Tells a stream from an earlier one of the same name; names its folder. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly retentionHours: number;
  readonly maxRecordKiB: number;
  readonly shards: readonly ShardState[];
  readonly tags: Readonly<Record<string, string>>;
  readonly consumers: readonly ConsumerState[];
  readonly metrics: readonly string[];
  readonly keyId?: string;
  /** While the clock is before `until`, the stream shows the transitional status. */
  readonly transition?: { readonly status: 'CREATING' | 'UPDATING'; readonly until: number };
  /** When UpdateShardCount was called, within the last day. */
  readonly scalings: readonly number[];
  /** When the mode was switched, within the last day. Streams of earlier versions lack it. */
  readonly modeSwitches?: readonly number[];
}

/** The last entry of a stream wins: an entry is the whole state after a change. */
export type StreamEntry = { readonly put: StreamState } | { readonly remove: string };

/** An open or closed shard of a running server. */
export interface Shard {
  readonly state: ShardState;
  readonly log: ShardLog;
  readonly writes: ThroughputWindow;
  readonly reads: ThroughputWindow;
}

export interface Stream {
  state: StreamState;
  /** In order of ordinal, expired ones left out. */
  shards: Map<string, Shard>;
  /** The open shards in order of hash keys. */
  open: Shard[];
  /** Set while shards close: writers wait for it, so that nothing is routed to a shard that is about to end or to one that a crash would take back. */
  resharding?: Promise<void>;
}

import type { S3Client } from '@aws-sdk/client-s3';
import type { BronzeLoad, ContractMode, SchemaColumn } from '@loadin/bronze-writer';
import type { Clock, StateStore, Stream } from '@loadin/pipeline';
import type { PostgresOptions, TableName } from '@loadin/postgres-source';
import type { Expectation } from '@loadin/quality';
import type { WriteSettings } from '@loadin/s3-sink';
import type { EncoderThreads } from './encoder-threads.js';
import type { SharedRoom } from './shared-room.js';

/** What is loaded, and how it is to lie in bronze. */
export type BronzeEntity = BronzeTable | BronzeList;

export interface EntityOptions {
  /** Column whose day (UTC) is the event date. Default: none. */
  readonly eventDate?: string;
  /** Default: `evolve`. */
  readonly contract?: ContractMode;
  /** Default: `zstd`. */
  readonly compression?: 'zstd' | 'snappy';
  /** What is expected of the rows that are delivered. Default: nothing. */
  readonly expect?: readonly Expectation[];
  /** Whether each load keeps a statistical profile of the rows that it delivers. Default: true. */
  readonly profile?: boolean;
}

/** A table of Postgres. Key, cursor and what follows are those that its stream (`createPostgresStream`) was made with. */
export interface BronzeTable extends EntityOptions {
  readonly kind: 'table';
  /** How its database is reached. */
  readonly source: PostgresOptions;
  readonly table: TableName;
  /** None: a table without a key, which can only be read in full each time. */
  readonly key: readonly string[];
  /** `full`: every load brings all rows. Default: `incremental`, what has changed: by the cursor, or without one by comparison with the last load's keys. */
  readonly mode?: 'incremental' | 'full';
  readonly cursor?: string;
  /** Default: `time`. */
  readonly cursorKind?: 'time' | 'number';
  /** Milliseconds, of numbers units. Default: as the source reads: 10 minutes, an hour more with a `timeZone`; 0 for numbers. */
  readonly lookBack?: number;
  readonly timeZone?: string;
  readonly columns?: readonly string[];
  /** At most so many connections that read it at once, and one more. Default: 1, and none more. */
  readonly slices?: number;
  /** Rows that each of them is to have at least. Default: 100,000. */
  readonly sliceRows?: number;
  /** Rows that are gone become tombstones when a load has read the whole table. Default: false. */
  readonly hardDeletes?: boolean;
  /** Column that marks deleted rows: it must be there. Default: none. */
  readonly softDelete?: string;
  /** Its keys are kept though it needs none itself: other entities refer to it. Default: false. */
  readonly keepKeys?: boolean;
}

/** A list of an API: its records are those of the stream's pages. */
export interface BronzeList extends EntityOptions {
  readonly kind: 'list';
  readonly stream: Stream;
  /** Fields whose values together name a record. Default: the one that is called as the data type: `payment_id` of `payments`. */
  readonly key?: readonly [string, ...string[]];
  /** Types of columns that JSON does not tell: times, decimals. Default: inferred. */
  readonly columns?: readonly SchemaColumn[];
  /** Milliseconds before the last cursor that the stream reads again. Default: 600,000. */
  readonly lookBack?: number;
}

/** Where bronze lies, and what the loader works with. */
export interface BronzeContext {
  readonly client: S3Client;
  readonly bucket: string;
  /** Knows which key sets are the last ones: it belongs to the checkpoints. */
  readonly state: StateStore;
  /** Encryption, tags and storage class of what is written. Default: the bucket's own. */
  readonly settings?: WriteSettings;
  /** Reads and writes nothing that lasts: rows are read and encoded, files and sets are dropped. Default: false. */
  readonly dryRun?: boolean;
  /** Bounds of the writer, and where it spills. Default: its own. */
  readonly writer?: Pick<BronzeLoad, 'memoryBytes' | 'rowGroupBytes' | 'targetFileBytes' | 'spillDirectory'>;
  /** Memory for rows that wait, of all loads together. Default: each has `memoryBytes` of its own. */
  readonly room?: SharedRoom;
  /** Threads that encode, for all loads together. Default: none. */
  readonly threads?: EncoderThreads;
  /** Delivered rows that are held in memory to be compared with, 45 bytes each; with more of them rows wait on the disk. Default: 500,000. */
  readonly keysInMemory?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly random?: () => number;
}

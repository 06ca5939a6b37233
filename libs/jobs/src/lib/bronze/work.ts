import type { BronzeLoad, BronzeReport, Output, QuarantinedRow, RowRoom, TableSchema } from '@loadin/bronze-writer';
import type { Cursor, Json, Load, LoadCounts, LoadOptions, Note } from '@loadin/pipeline';
import type { UploadAttempt } from '@loadin/s3-sink';
import type { ThreadPlace } from './encoder-threads.js';
import type { LastSets, OfLoad } from './last-sets.js';
import type { RejectedRows } from './rejected-rows.js';
import type { BronzeContext, BronzeEntity } from './types.js';

/** One attempt at a load, while its rows are read and written. */
export interface Work {
  readonly load: Load;
  readonly options: LoadOptions;
  readonly context: BronzeContext;
  readonly attempt: UploadAttempt;
  /** Whether a second thread encodes. */
  readonly thread?: ThreadPlace;
  /** Where rows wait, shared with the loads beside this one. */
  readonly room?: RowRoom;
  readonly output: Output;
  readonly rejected: RejectedRows;
  /** What the last load of the entity ended with. */
  readonly schema: TableSchema | undefined;
  /** The sets of its last load. */
  readonly base: LastSets | null;
  /** Another run has brought all of it since it was planned. */
  readonly isBrought: boolean;
}

/** What an attempt has read and written, all of it with S3 and still unseen. */
export interface Written {
  readonly report: BronzeReport;
  /** Columns whose values together name a row. */
  readonly key: readonly string[];
  /** Column that every change makes greater. */
  readonly cursor?: string;
  readonly loadType: 'full' | 'incremental';
  /** Rows of the source. */
  readonly read: number;
  readonly deduplicated: number;
  readonly tombstones: number;
  readonly notes: readonly Note[];
  readonly reached: Cursor | null;
  /** What was kept for the next load. */
  readonly sets: Omit<LastSets, OfLoad>;
}

/**
 * What is the same of every load of bronze.
 * @param recordOf a row of the source as its dead letter has it
 */
export function bronzeLoad(
  entity: BronzeEntity,
  { load, options, context, thread, room, output, rejected, schema }: Work,
  loadType: Written['loadType'],
  recordOf: (text: string) => Json = (text) => text,
): BronzeLoad {
  return {
    ...context.writer,
    ...thread?.load,
    room,
    entity: load.dataType,
    ingestionDate: load.second.slice(0, 10),
    loadType,
    ingestionId: load.ingestionId,
    ingestionTs: load.second,
    sourceSystem: entity.kind === 'table' ? 'rds' : 'api',
    output,
    partitionBy: entity.eventDate,
    schema,
    contract: entity.contract,
    compression: entity.compression,
    deletes: entity.kind === 'table' && entity.hardDeletes,
    onQuarantined: ({ text, reason }: QuarantinedRow) => rejected.add({ reason, errorClass: 'QuarantinedRow', record: recordOf(text) }),
    signal: options.signal,
  };
}

/** Counts of an attempt so far, which whoever watches is told of. */
export interface Tally {
  /** Rows of the source. */
  read: number;
  deduplicated: number;
  tombstones: number;
}

export function tell({ options, rejected }: Work, { read, deduplicated, tombstones }: Tally): void {
  options.onProgress({ read: read + tombstones, deduplicated, rejected: rejected.count } satisfies LoadCounts);
}

import type { MessagePort } from 'node:worker_threads';
import type { FormatDescription } from '../feeds/format-of.js';
import type { Shape } from '../feeds/shapes.js';
import type { Compression } from '../parquet/compression.js';
import type { EncodedRowGroup } from '../parquet/row-group.js';
import type { RowConstants } from '../row-encoder.js';
import type { TableSchema } from '../schema/table-schema.js';
import type { TakenRows } from './taken-rows.js';

/** What makes an encoder, as data: it is made on either side. */
export interface EncoderSetup {
  readonly format: FormatDescription;
  readonly compression: Compression;
  readonly compressionLevel: number;
  readonly constants: RowConstants;
  /** Places in the schema. */
  readonly sortBy: readonly number[];
  readonly deletes: boolean;
}

/** What the thread begins with. */
export interface ThreadData {
  readonly setup: EncoderSetup;
  readonly port: MessagePort;
}

/** Rows to make a row group of. Their memory goes to the thread and comes back with the answer. */
export interface ThreadTask {
  readonly rows: TakenRows;
  /** Default: that of the task before. */
  readonly schema: TableSchema | undefined;
  /** Columns for which no dictionary is tried any more. */
  readonly plain: readonly string[];
  /** Of records: those that have come since the task before. */
  readonly shapes: readonly Shape[];
}

export interface ThreadAnswer {
  readonly rows: TakenRows;
  /** The chunks have no pieces: they lie in `bytes`, one behind the other. */
  readonly group?: EncodedRowGroup;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly plain?: readonly string[];
  /** Why there is no group: the rows don't fit the schema, or what was thrown. The other side then finds out itself what is to be done. */
  readonly problem?: string;
}

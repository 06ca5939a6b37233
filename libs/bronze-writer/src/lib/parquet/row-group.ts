import type { ColumnType } from '../schema/column-type.js';
import type { EncodedChunk } from './column-chunk.js';

export interface FileColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Which column the rows of a row group are sorted by. */
export interface SortedBy {
  readonly column: number;
}

export interface EncodedRowGroup {
  readonly rows: number;
  /** In the order of the file's columns. */
  readonly chunks: readonly EncodedChunk[];
  readonly sortedBy: readonly SortedBy[];
}

export const bytesOf = ({ chunks }: EncodedRowGroup): number => chunks.reduce((sum, { bytes }) => sum + bytes, 0);

export const piecesOf = ({ chunks }: EncodedRowGroup): Uint8Array[] => chunks.flatMap(({ pieces }) => pieces);

/** The group whose chunks lie in `bytes`, one behind the other. */
export function piecesAt(group: EncodedRowGroup, bytes: Uint8Array): EncodedRowGroup {
  let at = 0;
  return { ...group, chunks: group.chunks.map((chunk) => ({ ...chunk, pieces: [bytes.subarray(at, (at += chunk.bytes))] })) };
}

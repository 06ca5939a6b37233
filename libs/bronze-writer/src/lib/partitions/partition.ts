import { freeAll } from '../parquet/bytes.js';
import { bytesOf, piecesAt, piecesOf } from '../parquet/row-group.js';
import type { GroupWithSchema } from '../part-writer.js';
import { emptyChain, type Chain } from './arena.js';
import type { Extent, Spill } from './spill.js';

/** What is kept of one event date's rows until its file is written: row groups, spilled rows, rows in memory, in the order in which they came. */
export interface Partition {
  readonly day: number;
  readonly staged: StagedGroup[];
  spilled: Extent[];
  spilledBytes: number;
  spilledRows: number;
  readonly chain: Chain;
}

export const emptyPartition = (day: number): Partition => ({ day, staged: [], spilled: [], spilledBytes: 0, spilledRows: 0, chain: emptyChain() });

/** A row group whose bytes are in the spill file. */
export interface StagedGroup extends GroupWithSchema {
  readonly extent: Extent;
}

export function stage(spill: Spill, { group, ...rest }: GroupWithSchema): StagedGroup {
  // One after the other: together they would be as much memory once more.
  const at = spill.bytes;
  const pieces = piecesOf(group);
  for (const piece of pieces) spill.write(piece);
  freeAll(pieces);
  return { ...rest, extent: { at, bytes: bytesOf(group) }, group: { ...group, chunks: group.chunks.map((chunk) => ({ ...chunk, pieces: [] })) } };
}

export function unstage(spill: Spill, { extent, group, ...rest }: StagedGroup): GroupWithSchema {
  const bytes = new Uint8Array(extent.bytes);
  spill.read(extent, bytes, 0);
  return { ...rest, group: piecesAt(group, bytes) };
}

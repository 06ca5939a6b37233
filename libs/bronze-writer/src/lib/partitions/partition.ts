import type { EncodedChunk } from '../parquet/column-chunk.js';
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
export interface StagedGroup {
  readonly extent: Extent;
  readonly sizes: readonly number[];
  readonly rest: Omit<GroupWithSchema, 'group'> & { readonly rows: number; readonly sortedBy: GroupWithSchema['group']['sortedBy'] };
  readonly chunks: readonly Omit<EncodedChunk, 'bytes'>[];
}

export function stage(spill: Spill, { group, ...rest }: GroupWithSchema): StagedGroup {
  const extent = spill.write(Buffer.concat(group.chunks.map(({ bytes }) => bytes)));
  return {
    extent,
    sizes: group.chunks.map(({ bytes }) => bytes.length),
    rest: { ...rest, rows: group.rows, sortedBy: group.sortedBy },
    chunks: group.chunks.map(({ bytes: _, ...chunk }) => chunk),
  };
}

export function unstage(spill: Spill, { extent, sizes, rest: { rows, sortedBy, ...rest }, chunks }: StagedGroup): GroupWithSchema {
  const bytes = new Uint8Array(extent.bytes);
  spill.read(extent, bytes, 0);
  let at = 0;
  const whole = chunks.map((chunk, n) => ({ ...chunk, bytes: bytes.subarray(at, (at += sizes[n] ?? 0)) }));
  return { ...rest, group: { rows, sortedBy, chunks: whole } };
}

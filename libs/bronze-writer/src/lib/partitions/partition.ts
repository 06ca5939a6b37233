import { freeAll } from '../parquet/bytes.js';
import { bytesOf, piecesAt, piecesOf, type EncodedRowGroup } from '../parquet/row-group.js';
import type { GroupWithSchema } from '../part-writer.js';
import { emptyChain, type Chain } from './arena.js';
import type { Extent, Spill } from './spill.js';

/** What is kept of one event date's rows until its file is written: row groups, spilled rows, rows in memory, in the order in which they came. */
export interface Partition {
  readonly day: number;
  readonly staged: StagedGroup[];
  /** Rows that wait, on the disk and behind those in memory. */
  rows: number;
  spilled: Extent[];
  spilledBytes: number;
  readonly chain: Chain;
  /** Bytes of rows since some of them last left the window: what decides where row groups end. */
  recent: number;
}

export const emptyPartition = (day: number): Partition => ({
  ...{ day, staged: [], rows: 0, spilled: [], spilledBytes: 0, chain: emptyChain(), recent: 0 },
});

/** A row group that is in the spill file: its bytes, and behind them what there is to know of them. So memory does not grow with the number of groups. */
export interface StagedGroup extends Omit<GroupWithSchema, 'group'> {
  readonly pieces: Extent;
  readonly about: Extent;
}

export function stage(spill: Spill, { group, ...rest }: GroupWithSchema): StagedGroup {
  // One after the other: together they would be as much memory once more.
  const at = spill.bytes;
  const pieces = piecesOf(group);
  for (const piece of pieces) spill.write(piece);
  freeAll(pieces);
  const known = { ...group, chunks: group.chunks.map((chunk) => ({ ...chunk, pieces: [] })) };
  const about = spill.write(Buffer.from(JSON.stringify(known, boundToText)));
  return { ...rest, pieces: { at, bytes: bytesOf(group) }, about };
}

export function unstage(spill: Spill, { pieces, about, ...rest }: StagedGroup): GroupWithSchema {
  const group = JSON.parse(Buffer.from(readExtent(spill, about)).toString(), boundOfText) as EncodedRowGroup;
  return { ...rest, group: piecesAt(group, readExtent(spill, pieces)) };
}

/** Bounds are the bytes in it. */
const boundToText = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
const boundOfText = (key: string, value: unknown): unknown => (key === 'bytes' && typeof value === 'string' ? Buffer.from(value, 'base64') : value);

function readExtent(spill: Spill, extent: Extent): Uint8Array {
  const bytes = new Uint8Array(extent.bytes);
  spill.read(extent, bytes, 0);
  return bytes;
}

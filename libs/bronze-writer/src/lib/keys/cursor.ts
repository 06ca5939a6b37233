import { compareBytes } from '../parquet/bytes.js';
import { DIGEST_BYTES, type Digests } from './digests.js';
import type { SortedKeys } from './types.js';

/** A place in sorted keys; at the end there is no block. */
export interface Cursor {
  block: Digests | undefined;
  row: number;
  readonly blocks: AsyncIterator<Digests> | Iterator<Digests>;
}

export async function begin(sorted: SortedKeys): Promise<Cursor> {
  const blocks = sorted.blocks();
  const cursor: Cursor = {
    block: undefined,
    row: 0,
    blocks: Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator](),
  };
  await nextBlock(cursor);
  return cursor;
}

async function nextBlock(cursor: Cursor): Promise<void> {
  do {
    const { done, value } = await cursor.blocks.next();
    cursor.block = done === true ? undefined : (value as Digests);
  } while (cursor.block?.count === 0);
  cursor.row = 0;
}

/** To the next row. Where it is in memory there is nothing to wait for. */
export function step(cursor: Cursor): Promise<void> | undefined {
  cursor.row++;
  return cursor.row < (cursor.block?.count ?? 0) ? undefined : nextBlock(cursor);
}

/** By key or by hash; one that is at its end is above all others. */
export function compareRows(a: Cursor, b: Cursor, by: 'keys' | 'hashes'): number {
  if (a.block === undefined || b.block === undefined) return Number(a.block === undefined) - Number(b.block === undefined);
  const [left, right] = [a.row * DIGEST_BYTES, b.row * DIGEST_BYTES];
  return compareBytes(a.block[by], left, left + DIGEST_BYTES, b.block[by], right, right + DIGEST_BYTES);
}

/** Whether the row has this key. */
export function hasKey({ block, row }: Cursor, key: Uint8Array): boolean {
  if (block === undefined) return false;
  const at = row * DIGEST_BYTES;
  return compareBytes(block.keys, at, at + DIGEST_BYTES, key, 0, DIGEST_BYTES) === 0;
}

/** Copies the row's key. */
export function takeKey({ block, row }: Cursor, target: Uint8Array, at = 0): void {
  if (block !== undefined) target.set(block.keys.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES), at);
}

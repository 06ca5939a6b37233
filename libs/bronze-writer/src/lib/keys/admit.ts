import type { JsonObject } from '@loadin/pipeline';
import type { CopyBlock } from '../copy-load.js';
import type { HashedRecords } from '../record-load.js';
import { DIGEST_BYTES, type Digests } from './digests.js';
import type { PairSet } from './pair-set.js';

/**
 * The block with the hashes of its rows, without those that are in `delivered` as they are: for the writer it is as if they had never come. It shares the memory of
 * the block and of the digests.
 */
export function admitBlock(block: CopyBlock, digests: Digests, delivered?: PairSet): { readonly block: CopyBlock; readonly dropped: number } {
  const admitted = admittedRows(digests, delivered);
  if (admitted === undefined) return { block: { ...block, hashes: digests.hashes }, dropped: 0 };
  const starts = Int32Array.from(admitted, (row) => block.starts[row] ?? 0);
  const ends = Int32Array.from(admitted, (row) => block.ends[row] ?? 0);
  const { bytes } = block;
  return {
    block: { bytes, count: admitted.length, starts, ends, hashes: hashesOf(digests, admitted) },
    dropped: digests.count - admitted.length,
  };
}

/** The same of records. */
export function admitRecords(
  records: readonly JsonObject[],
  digests: Digests,
  delivered?: PairSet,
): { readonly records: HashedRecords; readonly dropped: number } {
  const admitted = admittedRows(digests, delivered);
  if (admitted === undefined) return { records: { records, hashes: digests.hashes }, dropped: 0 };
  const kept = Array.from(admitted, (row) => records[row] as JsonObject);
  return { records: { records: kept, hashes: hashesOf(digests, admitted) }, dropped: digests.count - admitted.length };
}

/** None when it is all of them, which is the usual case. */
function admittedRows(digests: Digests, delivered: PairSet | undefined): Int32Array | undefined {
  if (delivered === undefined || delivered.size === 0) return undefined;
  const admitted = new Int32Array(digests.count);
  let count = 0;
  for (let row = 0; row < digests.count; row++) if (!delivered.has(digests, row)) admitted[count++] = row;
  return count === digests.count ? undefined : admitted.subarray(0, count);
}

function hashesOf({ hashes }: Digests, rows: Int32Array): Uint8Array {
  const kept = new Uint8Array(rows.length * DIGEST_BYTES);
  rows.forEach((row, n) => kept.set(hashes.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES), n * DIGEST_BYTES));
  return kept;
}

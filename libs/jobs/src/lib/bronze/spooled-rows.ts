import type { CopyBlock, Digests } from '@loadin/bronze-writer';
import { createScratchFile, type Extent } from './scratch-file.js';

/** A block with what its rows are known by. */
export interface SeenBlock {
  readonly block: CopyBlock;
  readonly digests: Digests;
}

/** Rows that wait on the disk, in buckets by the digests of their keys. */
export interface SpooledRows {
  /** Copies them. */
  add(seen: SeenBlock): void;
  /** All rows of a bucket, in the order in which they came. */
  bucket(number: number): Iterable<SeenBlock>;
  close(): void;
}

/** Of each bucket, in memory. */
const BUFFER_BYTES = 128 * 1024;
/** A key's digest, a hash, and the length of the row. */
const HEAD_BYTES = 36;

/** By the first 24 bits: keys that are next to each other in the order of their digests are in the same bucket, or in the next. */
export function bucketOf({ keys }: Digests, row: number, buckets: number): number {
  const prefix = (keys[row * 16] ?? 0) * 0x1_0000 + (keys[row * 16 + 1] ?? 0) * 0x100 + (keys[row * 16 + 2] ?? 0);
  return Math.floor((prefix * buckets) / 0x100_0000);
}

export function createSpooledRows(buckets: number, directory?: string): SpooledRows {
  const file = createScratchFile(directory);
  const waiting = Array.from({ length: buckets }, () => ({ pieces: [] as Uint8Array[], bytes: 0, extents: [] as Extent[] }));

  const flush = (bucket: (typeof waiting)[number]): void => {
    if (bucket.bytes > 0) bucket.extents.push(file.write(Buffer.concat(bucket.pieces)));
    bucket.pieces = [];
    bucket.bytes = 0;
  };
  return {
    add(seen) {
      for (let row = 0; row < seen.block.count; row += 1) {
        const bucket = waiting[bucketOf(seen.digests, row, buckets)];
        if (bucket === undefined) continue;
        const piece = pieceOf(seen, row);
        bucket.pieces.push(piece);
        bucket.bytes += piece.length;
        if (bucket.bytes >= BUFFER_BYTES) flush(bucket);
      }
    },
    *bucket(number) {
      const bucket = waiting[number];
      if (bucket === undefined) return;
      flush(bucket);
      for (const extent of bucket.extents) yield blockOf(file.read(extent));
    },
    close: () => file.close(),
  };
}

function pieceOf({ block: { bytes, starts, ends }, digests: { keys, hashes } }: SeenBlock, row: number): Uint8Array {
  const [start, end] = [starts[row] ?? 0, ends[row] ?? 0];
  const piece = Buffer.allocUnsafe(HEAD_BYTES + end - start);
  piece.set(keys.subarray(row * 16, row * 16 + 16), 0);
  piece.set(hashes.subarray(row * 16, row * 16 + 16), 16);
  piece.writeUInt32LE(end - start, 32);
  piece.set(bytes.subarray(start, end), HEAD_BYTES);
  return piece;
}

function blockOf(bytes: Uint8Array): SeenBlock {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: number[] = [];
  for (let at = 0; at < bytes.length; at += HEAD_BYTES + view.getUint32(at + 32, true)) rows.push(at);
  const count = rows.length;
  const [keys, hashes] = [new Uint8Array(count * 16), new Uint8Array(count * 16)];
  rows.forEach((at, row) => {
    keys.set(bytes.subarray(at, at + 16), row * 16);
    hashes.set(bytes.subarray(at + 16, at + 32), row * 16);
  });
  const starts = Int32Array.from(rows, (at) => at + HEAD_BYTES);
  const ends = Int32Array.from(rows, (at) => at + HEAD_BYTES + view.getUint32(at + 32, true));
  // Their texts are with whoever keeps keys already.
  return { block: { bytes, count, starts, ends }, digests: { count, keys, hashes, texts: new Uint8Array(0), ends: new Int32Array(0) } };
}

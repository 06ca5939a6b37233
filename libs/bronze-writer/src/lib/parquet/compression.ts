import * as zlib from 'node:zlib';
import { FatalError } from '@loadin/resilience';
import { snappyCompress } from './snappy.js';

/** `zstd` needs Node 22.15 or later. */
export type Compression = 'zstd' | 'snappy' | 'none';

export const isCompression = (name: string): name is Compression => ['zstd', 'snappy', 'none'].includes(name);

export interface Codec {
  /** Number of the enum `CompressionCodec` in parquet.thrift. */
  readonly id: number;
  compress(bytes: Uint8Array): Uint8Array;
}

export const UNCOMPRESSED: Codec = { id: 0, compress: (bytes) => bytes };
const SNAPPY: Codec = { id: 1, compress: snappyCompress };
const ZSTD_ID = 6;
const LEAST_CHUNK = 1024;
const LARGEST_CHUNK = 128 * 1024;

/** Throws `FatalError` when this Node has no Zstandard: a silent other choice would write other bytes on another machine. */
export function codecOf(compression: Compression, level: number): Codec {
  if (compression === 'none') return UNCOMPRESSED;
  if (compression === 'snappy') return SNAPPY;
  if (typeof zlib.zstdCompressSync !== 'function') {
    throw new FatalError(`This Node (${process.version}) has no Zstandard`, { hint: "Use Node 22.15 or later, or compression: 'snappy'." });
  }
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level };
  // Few pieces of output instead of one for every 16 KB.
  const options = (bytes: Uint8Array): zlib.ZstdOptions => ({ params, chunkSize: Math.min(Math.max(LEAST_CHUNK, bytes.length), LARGEST_CHUNK) });
  return { id: ZSTD_ID, compress: (bytes) => zlib.zstdCompressSync(bytes, options(bytes)) };
}

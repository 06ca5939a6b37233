import type { Output, OutputObject } from '../output/types.js';
import { encodeChunk } from '../parquet/column-chunk.js';
import { createColumnData, endRow, resetColumnData, type ColumnData } from '../parquet/column-data.js';
import { codecOf, type Codec } from '../parquet/compression.js';
import { footer, magic, type PlacedRowGroup } from '../parquet/footer.js';
import { appendByteArray } from '../values/append-value.js';
import { DIGEST_BYTES, type Digests } from './digests.js';
import { countDuplicates } from './duplicates.js';
import { GROUP_ROWS, KEY_METADATA, keyColumns } from './key-columns.js';
import { appendKeyTexts, areTexts } from './key-texts.js';
import type { PairSet } from './pair-set.js';
import type { SortedKeys, WrittenKeySet } from './types.js';

export interface KeyFileOptions {
  /** Default: `zstd`, which needs Node 22.15. */
  readonly compression?: 'zstd' | 'none';
}

const GROUP_BYTES = 4 * 1024 * 1024;

/**
 * Writes sorted keys as one Parquet file: `key_digest`, `record_hash` (16 bytes each), and the key's columns as texts. A few MB of memory, whatever their number. The
 * object is closed, and unseen until the output is committed.
 */
export async function writeKeySet(output: Output, path: string, sorted: SortedKeys, options?: KeyFileOptions): Promise<WrittenKeySet> {
  const duplicates = countDuplicates();
  const count = (block: Digests): void => {
    for (let row = 0; row < block.count; row++) duplicates.add(block, row);
  };
  const written = await writeBlocks({ output, path, key: sorted.key, blocks: sorted.blocks(), onBlock: count }, options);
  return { ...written, duplicates: duplicates.found() };
}

/** Writes delivered rows as a Parquet file of the same form, without the key's columns, in the order in which they came. */
export function writePairs(output: Output, path: string, pairs: PairSet, options?: KeyFileOptions): Promise<Omit<WrittenKeySet, 'duplicates'>> {
  return writeBlocks({ output, path, key: [], blocks: [pairs.pairs()], onBlock: () => undefined }, options);
}

interface KeyBlocks {
  readonly output: Output;
  readonly path: string;
  readonly key: readonly string[];
  readonly blocks: AsyncIterable<Digests> | Iterable<Digests>;
  readonly onBlock: (block: Digests) => void;
}

async function writeBlocks(
  { output, path, key, blocks, onBlock }: KeyBlocks,
  { compression = 'zstd' }: KeyFileOptions = {},
): Promise<Omit<WrittenKeySet, 'duplicates'>> {
  const columns = keyColumns(key);
  const data = columns.map(({ type }) => createColumnData(type, false));
  const file = await beginFile(await output.open(path), codecOf(compression, 1), key.length > 0);
  let rows = 0;
  for await (const block of blocks) {
    onBlock(block);
    const isText = key.length > 0 && areTexts(block.texts);
    for (let row = 0; row < block.count; row++) {
      appendRow(data, block, row, isText);
      if (isFull(data)) await file.writeGroup(data);
    }
    rows += block.count;
  }
  await file.writeGroup(data);
  const metadata = { [KEY_METADATA]: JSON.stringify(key) };
  await file.object.write(footer({ columns, metadata, createdBy: 'loadin version 0.1.0' }, file.groups, file.bytes()));
  return { path, rows, ...(await file.object.close({ rows })) };
}

const isFull = (data: readonly ColumnData[]): boolean =>
  (data[0]?.entries ?? 0) >= GROUP_ROWS || data.reduce((sum, { length }) => sum + length, 0) >= GROUP_BYTES;

function appendRow([keys, hashes, ...texts]: readonly ColumnData[], block: Digests, row: number, isText: boolean): void {
  if (keys === undefined || hashes === undefined) return;
  const at = row * DIGEST_BYTES;
  appendByteArray(keys, block.keys, at, at + DIGEST_BYTES);
  endRow(keys, 1);
  appendByteArray(hashes, block.hashes, at, at + DIGEST_BYTES);
  endRow(hashes, 1);
  if (texts.length > 0) appendKeyTexts(texts, block.texts, row === 0 ? 0 : (block.ends[row - 1] ?? 0), block.ends[row] ?? 0, isText);
}

interface KeyFile {
  readonly object: OutputObject;
  readonly groups: readonly PlacedRowGroup[];
  bytes(): number;
  /** Writes what is in the columns, and empties them. */
  writeGroup(data: readonly ColumnData[]): Promise<void>;
}

async function beginFile(object: OutputObject, codec: Codec, isSorted: boolean): Promise<KeyFile> {
  const groups: PlacedRowGroup[] = [];
  await object.write(magic());
  let bytes = magic().length;
  return {
    object,
    groups,
    bytes: () => bytes,
    async writeGroup(data) {
      const rows = data[0]?.entries ?? 0;
      if (rows === 0) return;
      const encoded = data.map((each) => encodeChunk(each, codec));
      const chunks = encoded.map((chunk) => ({ ...chunk, pieces: [], at: (bytes += chunk.bytes) - chunk.bytes }));
      groups.push({ rows, chunks, sortedBy: isSorted ? [{ column: 0 }, { column: 1 }] : [] });
      for (const piece of encoded.flatMap(({ pieces }) => pieces)) await object.write(piece);
      data.forEach((each) => resetColumnData(each, false));
    },
  };
}

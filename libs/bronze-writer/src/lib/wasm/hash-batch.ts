import { hash } from 'node:crypto';
import type { ColumnData } from '../parquet/column-data.js';
import { appendDigest } from '../feeds/append-hash.js';
import type { RowKernel } from './row-kernel.js';

/** Makes the hashes of many texts at once, and appends them to a column in the order of the texts. */
export interface HashBatch {
  /** Forgets the texts so far. */
  clear(): void;
  /** Where the next text can be written, of so many bytes at most; −1 when there is no place for as many. */
  room(bytes: number): number;
  /** The text that was written there is whole. */
  end(at: number): void;
  /** A text from somewhere else. */
  add(text: Uint8Array): void;
  /** Appends the hashes of all texts so far. */
  flush(): void;
}

/** What of the kernel's memory it needs. */
export const BATCH_SIZES = { ends: 4 * 512, digests: 16 * 512, texts: 192 * 1024 } as const;
const MOST_TEXTS = BATCH_SIZES.ends / 4;
/** A text is filled up to whole blocks, with 9 bytes at least. */
const PADDING = 72;

export function createHashBatch(kernel: RowKernel, places: Readonly<Record<keyof typeof BATCH_SIZES, number>>, hashes: ColumnData): HashBatch {
  const { bytes, words } = kernel;
  const last = places.texts + BATCH_SIZES.texts;
  let begin = places.texts;
  let count = 0;
  const batch: HashBatch = {
    room(size) {
      if (size + PADDING > last - begin) batch.flush();
      return size + PADDING > last - begin ? -1 : begin;
    },
    end(at) {
      begin = kernel.pad(begin, at);
      words[(places.ends >> 2) + count++] = begin;
      if (count === MOST_TEXTS) batch.flush();
    },
    add(text) {
      const at = batch.room(text.length);
      if (at < 0) {
        const digest = hash('md5', text, 'buffer');
        appendDigest(hashes, digest, 0);
        return;
      }
      bytes.set(text, at);
      batch.end(at + text.length);
    },
    flush() {
      if (count > 0) kernel.md5(places.texts, places.ends, count, places.digests);
      for (let n = 0; n < count; n++) appendDigest(hashes, bytes, places.digests + 16 * n);
      batch.clear();
    },
    clear() {
      begin = places.texts;
      count = 0;
    },
  };
  return batch;
}

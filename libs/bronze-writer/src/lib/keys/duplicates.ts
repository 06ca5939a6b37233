import { compareBytes } from '../parquet/bytes.js';
import { DIGEST_BYTES, keyOf, type Digests } from './digests.js';
import type { Duplicates } from './types.js';

const EXAMPLES = 10;

/** Counts rows of one key as they go by side by side. */
export interface DuplicateCounter {
  add(block: Digests, row: number): void;
  found(): Duplicates;
}

export function countDuplicates(): DuplicateCounter {
  const last = new Uint8Array(DIGEST_BYTES);
  const examples: (string | null)[][] = [];
  /** Rows of the last key. */
  let run = 0;
  let [keys, rows] = [0, 0];
  return {
    add(block, row) {
      const at = row * DIGEST_BYTES;
      const isSame = run > 0 && compareBytes(block.keys, at, at + DIGEST_BYTES, last, 0, DIGEST_BYTES) === 0;
      run = isSame ? run + 1 : 1;
      if (!isSame) return last.set(block.keys.subarray(at, at + DIGEST_BYTES));
      rows++;
      if (run > 2) return;
      keys++;
      if (examples.length < EXAMPLES) examples.push(keyOf(block, row));
    },
    found: () => ({ keys, rows, examples }),
  };
}

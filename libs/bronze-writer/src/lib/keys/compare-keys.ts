import { FatalError } from '@loadin/resilience';
import { begin, compareRows, hasKey, step, takeKey, type Cursor } from './cursor.js';
import { DIGEST_BYTES, keyOf } from './digests.js';
import { countDuplicates, type DuplicateCounter } from './duplicates.js';
import type { GoneKeys } from './gone-keys.js';
import type { KeyChanges, SortedKeys } from './types.js';

/** Keys that are handed on at once. */
const PAGE = 1000;

/**
 * Reads both sets once, side by side. Gives the keys that the present one has not, in pages that a load with `deletes` takes as they are, and at the end says what
 * else has changed. Throws `FatalError` for sets of other columns.
 */
export async function* compareKeys(earlier: SortedKeys, present: SortedKeys): AsyncGenerator<GoneKeys, KeyChanges> {
  if (JSON.stringify(earlier.key) !== JSON.stringify(present.key)) throw otherKey(earlier, present);
  const [before, now] = [await begin(earlier), await begin(present)];
  const counts = { gone: 0, changed: 0, same: 0, added: 0 };
  const duplicates = countDuplicates();
  let page = newPage(present.key);
  try {
    while (before.block !== undefined || now.block !== undefined) {
      const order = compareRows(before, now, 'keys');
      if (order < 0) {
        page.add(before);
        counts.gone++;
        await passKey(before);
      } else if (order > 0) counts.added += await passKey(now, duplicates);
      else await matchKey(before, now, counts, duplicates);
      if (page.count() < PAGE) continue;
      yield page.taken();
      page = newPage(present.key);
    }
    if (page.count() > 0) yield page.taken();
  } finally {
    await Promise.all([before.blocks.return?.(), now.blocks.return?.()]);
  }
  return { ...counts, duplicates: duplicates.found() };
}

const otherKey = (earlier: SortedKeys, present: SortedKeys): FatalError =>
  new FatalError(`The earlier key set is of (${earlier.key.join(', ')}) and the present one of (${present.key.join(', ')})`, {
    hint: 'They can not be compared: what is gone is not known. Move the earlier set away to begin anew.',
  });

function newPage(key: readonly string[]): { add(cursor: Cursor): void; count(): number; taken(): GoneKeys } {
  const digests = new Uint8Array(PAGE * DIGEST_BYTES);
  const gone: (string | null)[][] = [];
  return {
    add(cursor) {
      if (cursor.block === undefined) return;
      takeKey(cursor, digests, gone.length * DIGEST_BYTES);
      gone.push(keyOf(cursor.block, cursor.row));
    },
    count: () => gone.length,
    taken: () => ({ key, gone, digests: digests.subarray(0, gone.length * DIGEST_BYTES) }),
  };
}

/** Goes on to the next key. Answers how many rows this one had. */
async function passKey(cursor: Cursor, duplicates?: DuplicateCounter): Promise<number> {
  const key = new Uint8Array(DIGEST_BYTES);
  takeKey(cursor, key);
  let rows = 0;
  while (hasKey(cursor, key)) {
    rows++;
    if (cursor.block !== undefined) duplicates?.add(cursor.block, cursor.row);
    const reading = step(cursor);
    if (reading !== undefined) await reading;
  }
  return rows;
}

/** A key of both: its rows by their hashes. */
async function matchKey(before: Cursor, now: Cursor, counts: { same: number; changed: number }, duplicates: DuplicateCounter): Promise<void> {
  const key = new Uint8Array(DIGEST_BYTES);
  takeKey(now, key);
  for (;;) {
    const [hasBefore, hasNow] = [hasKey(before, key), hasKey(now, key)];
    if (!hasBefore && !hasNow) return;
    const order = hasBefore && hasNow ? compareRows(before, now, 'hashes') : hasBefore ? -1 : 1;
    if (order === 0) counts.same++;
    if (order > 0) counts.changed++;
    if (order >= 0 && now.block !== undefined) duplicates.add(now.block, now.row);
    const [left, right] = [order <= 0 ? step(before) : undefined, order >= 0 ? step(now) : undefined];
    if (left !== undefined) await left;
    if (right !== undefined) await right;
  }
}

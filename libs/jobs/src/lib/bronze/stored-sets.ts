import type { GoneKeys, KeySorter, SortedKeys } from '@loadin/bronze-writer';
import { openObject } from './range-file.js';
import type { Work } from './work.js';

/** A set that an earlier load has kept; or why it can't be compared with. */
type FoundSet = { readonly set: SortedKeys } | { readonly set?: undefined; readonly lost: string };

/**
 * A set that an earlier load has kept; `undefined` when it can't be compared with: it is gone, or of another key. Then more is delivered than need be, and nothing less.
 */
export const openSet = async (work: Work, path: string, key: readonly string[]): Promise<SortedKeys | undefined> =>
  (await findSet(work, path, key)).set;

async function findSet({ context, options }: Work, path: string, key: readonly string[]): Promise<FoundSet> {
  const { readKeySet } = await import('./writer-parts.js');
  const where = `s3://${context.bucket}/${path}`;
  const file = await openObject(context, path, options.signal);
  const set = file && (await readKeySet(file, where));
  if (set !== undefined && JSON.stringify(set.key) === JSON.stringify(key)) return { set };
  const lost = set === undefined ? 'it is not there any more' : 'its key is another one';
  options.logger.warn('A set of keys that an earlier load has kept is left aside', { set: where, reason: lost });
  return { lost: set === undefined ? 'they are not there any more' : `the key was ${set.key.join(', ')}, and is ${key.join(', ')}` };
}

/**
 * Pages of keys that the earlier sets have and the present one has not.
 * @param onLost is told of each set that can't be compared with, and why
 */
export async function* goneKeys(work: Work, paths: readonly string[], present: SortedKeys, onLost: (why: string) => void): AsyncGenerator<GoneKeys> {
  const { compareKeys, createKeySorter } = await import('./writer-parts.js');
  const { key } = present;
  const sets: SortedKeys[] = [];
  for (const path of paths) {
    const found = await findSet(work, path, key);
    if (found.set === undefined) onLost(found.lost);
    else sets.push(found.set);
  }
  const [first] = sets;
  if (first === undefined) return;
  const sorter: KeySorter = createKeySorter({ key, spillDirectory: work.context.writer?.spillDirectory });
  try {
    // Of several, a key that is in more than one counts once.
    if (sets.length > 1) for (const set of sets) for await (const block of set.blocks()) sorter.add(block);
    yield* compareKeys(sets.length > 1 ? sorter.sorted() : first, present);
  } finally {
    sorter.close();
  }
}

import type { Digests, KeySorter, Output, SortedKeys } from '@loadin/bronze-writer';
import type { CursorKind } from '@loadin/pipeline';
import { isLate } from './late-load.js';
import { openUpload } from './output.js';
import { createRecentRows, type RecentRows } from './recent-rows.js';
import { keySetKey, recentKey } from './set-names.js';
import type { SetPlan } from './set-plan.js';
import { openSet } from './stored-sets.js';
import type { LastSets } from './last-sets.js';
import type { Work } from './work.js';

/** What a load keeps for the next one, while its rows go by. */
export interface KeptSets {
  /**
   * Copies what rows are known by.
   * @param latest the latest cursor among them
   */
  see(digests: Digests, latest: string | undefined): void;
  /** Copies keys of rows that are there and were not delivered: of a load that keeps all. */
  seeLater(digests: Digests): void;
  /** All keys that were seen, once no more come; only of a load that keeps all of them. */
  present(): SortedKeys | undefined;
  /** Writes them as objects of the load's commit. */
  write(): Promise<Pick<LastSets, 'recent' | 'keys' | 'keys_whole'>>;
  /** Gives back the disk. */
  close(): void;
}

export interface KeptSetsOptions {
  readonly plan: SetPlan;
  /** Names of the key's columns. */
  readonly key: readonly string[];
  readonly kind: CursorKind;
  readonly lookBack: number;
}

/** Sets of keys that are added one by one are made one when they are so many. */
const MOST_KEY_SETS = 32;

export async function createKeptSets(work: Work, { plan, key, kind, lookBack }: KeptSetsOptions): Promise<KeptSets> {
  const { createKeySorter, writeKeySet } = await import('./writer-parts.js');
  const { load, context, base } = work;
  const spillDirectory = context.writer?.spillDirectory;
  const keys: KeySorter | undefined = plan.keepKeys === 'none' ? undefined : createKeySorter({ key, spillDirectory });
  const recent: RecentRows | undefined = plan.keepRecent ? createRecentRows({ kind, lookBack, directory: spillDirectory }) : undefined;
  // A load that brings rows and keeps no keys leaves a gap, which the next whole one closes.
  const isWhole = plan.keepKeys === 'all' || (base?.keys_whole === true && (plan.keepKeys === 'more' || isLate(base, load)));
  const sorters = keys === undefined ? [] : [keys];
  let sorted: SortedKeys | undefined;
  const output: Output = { open: async (path) => openUpload(work.attempt, path, 'keys'), abort: async () => undefined };

  const writeRecent = async (rows: RecentRows): Promise<string> => {
    const sorter = createKeySorter({ key, spillDirectory });
    sorters.push(sorter);
    for (const digests of rows.all()) sorter.add(digests);
    return (await writeKeySet(output, recentKey(load.dataType, load.ingestionId), sorter.sorted())).path;
  };
  const writeKeys = async (sorter: KeySorter): Promise<readonly string[]> => {
    const earlier = plan.keepKeys === 'more' ? (base?.keys ?? []) : [];
    const combines = earlier.length >= MOST_KEY_SETS;
    // What can't be read stays named: the load that looks for rows that are gone says that it lacks them.
    const unread: string[] = [];
    if (combines) for (const path of earlier.slice(1)) if (!(await addAll(sorter, await openSet(work, path, key)))) unread.push(path);
    const { path } = await writeKeySet(output, keySetKey(load.dataType, load.ingestionId), (sorted ??= sorter.sorted()));
    return [...(combines ? [...earlier.slice(0, 1), ...unread] : earlier), path];
  };
  return {
    see(digests, latest) {
      keys?.add(digests);
      recent?.add(digests, latest);
    },
    // With no hash that a row has: nothing is taken for delivered by it.
    seeLater: (digests) => keys?.add({ ...digests, hashes: new Uint8Array(digests.hashes.length) }),
    present: () => (plan.keepKeys === 'all' ? (sorted ??= keys?.sorted()) : undefined),
    write: async () => ({
      ...(isWhole && { keys_whole: true }),
      recent: recent === undefined ? plan.recent : await writeRecent(recent),
      keys: keys === undefined ? (base?.keys ?? []) : await writeKeys(keys),
    }),
    close() {
      sorters.forEach((sorter) => sorter.close());
      recent?.close();
    },
  };
}

/** `false`: there is none. */
async function addAll(sorter: KeySorter, set: SortedKeys | undefined): Promise<boolean> {
  for await (const block of set?.blocks() ?? []) sorter.add(block);
  return set !== undefined;
}

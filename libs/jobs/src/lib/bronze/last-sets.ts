import { RevisionConflictError, type JsonObject, type LoadsOf, type StateItem, type StateStore } from '@loadin/pipeline';

/** The sets of the last load of a (job, entity): with them the next one tells what it need not deliver, and what is gone. Each was committed together with the rows. */
export interface LastSets {
  readonly run_id: string;
  /** Of the load that has kept the sets: of a late one (`isLate`) it is that of the later run, as is the time. */
  readonly ingestion_id: string;
  readonly scheduled_time: string;
  /** The second that its output carries. Loads of earlier versions lack it. */
  readonly second?: string;
  /** Key in the lake of the rows that the next load reads again. */
  readonly recent: string | null;
  /** Keys in the lake of sets that together have all keys: that of the last load that read everything, and those of the loads since. */
  readonly keys: readonly string[];
  /** They begin with all keys that there were. Absent: they are those of some rows, as far as anybody knows. */
  readonly keys_whole?: true;
  readonly profiles: LastProfiles;
}

/** Keys in the lake of what the last loads were like: of either kind, and of the last of both. */
export interface LastProfiles {
  readonly full: string | null;
  readonly incremental: string | null;
  readonly last: string | null;
}

/** Whose the sets are. */
export type OfLoad = 'run_id' | 'ingestion_id' | 'scheduled_time' | 'second';

/** Before the first load. */
export const noLastSets = { recent: null, keys: [], profiles: { full: null, incremental: null, last: null } } satisfies Omit<LastSets, OfLoad>;

/**
 * What the state store says of an entity. `next` is a load that is about to commit: whoever finds it looks for its commit record, so that a load that was killed right
 * after its commit is the last one all the same.
 */
export interface SetsItem {
  readonly last: LastSets | null;
  readonly next: { readonly run_id: string } | null;
  /** The checkpoint may not have moved by the last load. Default: it has. */
  readonly open?: true;
}

/** The item as it is stored. */
export interface StoredItem extends SetsItem {
  readonly revision: string | null;
}

const itemKey = ({ job, stream }: Pick<LoadsOf, 'job' | 'stream'>): string => `bronze/${job}/${stream}`;

export async function readItem(state: StateStore, of: Pick<LoadsOf, 'job' | 'stream'>): Promise<StoredItem> {
  const found = await state.get(itemKey(of));
  return { ...itemOf(found), revision: found?.revision ?? null };
}

/** `false`: somebody has written since it was read, and nothing is changed. */
export async function writeItem(state: StateStore, of: LoadsOf, { revision }: StoredItem, { last, next, open }: SetsItem): Promise<boolean> {
  try {
    await state.put(itemKey(of), { last, next, ...(open && { open }) } as unknown as JsonObject, revision);
    return true;
  } catch (error) {
    if (error instanceof RevisionConflictError) return false;
    throw error;
  }
}

/** As far as it was said: a load that has just committed may not have come to that. */
export const lastSets = async (state: StateStore, job: string, stream: string): Promise<LastSets | null> =>
  itemOf(await state.get(itemKey({ job, stream }))).last;

const itemOf = (found: StateItem | undefined): SetsItem => (found?.value ?? { last: null, next: null }) as unknown as SetsItem;

/**
 * Makes the sets of a load that this process has committed, or found committed, the last ones; its checkpoint has still to move. When somebody else has done so, or later
 * loads were there since, nothing is left to do. `own`: this attempt has committed, and so it is the last one also where the item was lost meanwhile.
 */
export async function settleSets(state: StateStore, of: LoadsOf, sets: LastSets, own: boolean): Promise<void> {
  for (;;) {
    const item = await readItem(state, of);
    const isNext = item.next?.run_id === sets.run_id || (own && item.revision === null);
    if (item.last?.run_id === sets.run_id || !isNext) return;
    // When somebody wrote in between, what is there now decides.
    if (await writeItem(state, of, item, { last: sets, next: null, open: true })) return;
  }
}

/** The checkpoint has moved by the load of this run. */
export async function settleOpen(state: StateStore, of: LoadsOf, runId: string): Promise<void> {
  for (;;) {
    const { open, ...item } = await readItem(state, of);
    if (open === undefined || item.last?.run_id !== runId) return;
    if (await writeItem(state, of, item, item)) return;
  }
}

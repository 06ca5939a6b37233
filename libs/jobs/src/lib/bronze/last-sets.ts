import {
  FatalError,
  RetryableError,
  RevisionConflictError,
  type JsonObject,
  type Load,
  type LoadOptions,
  type StateItem,
  type StateStore,
} from '@loadin/pipeline';
import type { CommitRecord, PendingUploads } from '@loadin/s3-sink';
import { detailsOf } from './commit-details.js';

/** The sets of the last load of a (job, entity): with them the next one tells what it need not deliver, and what is gone. Each was committed together with the rows. */
export interface LastSets {
  readonly run_id: string;
  /** Of the load that has kept the sets: of a late one (`isLate`) it is that of the later run, as is the time. */
  readonly ingestion_id: string;
  readonly scheduled_time: string;
  /** Key in the lake of the rows that the next load reads again. */
  readonly recent: string | null;
  /** Keys in the lake of sets that together have all keys: that of the last load that read everything, and those of the loads since. */
  readonly keys: readonly string[];
  readonly profiles: LastProfiles;
}

/** Keys in the lake of what the last loads were like: of either kind, and of the last of both. */
export interface LastProfiles {
  readonly full: string | null;
  readonly incremental: string | null;
  readonly last: string | null;
}

/** Whose the sets are. */
export type OfLoad = 'run_id' | 'ingestion_id' | 'scheduled_time';

/** Before the first load. */
export const noLastSets = { recent: null, keys: [], profiles: { full: null, incremental: null, last: null } } satisfies Omit<LastSets, OfLoad>;

/**
 * What the state store says of an entity. `next` is a load that is about to commit: whoever finds it looks for its commit record, so that a load that was killed right
 * after its commit is the last one all the same.
 */
interface Item {
  readonly last: LastSets | null;
  readonly next: { readonly run_id: string } | null;
}

export interface SetChain {
  /** What this load is compared with. */
  readonly base: LastSets | null;
  /** Right before the commit. Throws `RetryableError` when another run of the entity has ended meanwhile: what was read was compared with sets that are not the last. */
  announce(): Promise<void>;
}

export interface ChainOptions {
  readonly state: StateStore;
  readonly uploads: PendingUploads;
  readonly load: Load;
  readonly options: LoadOptions;
  /** Only looks. Default: false. */
  readonly dryRun?: boolean;
}

const itemKey = ({ job, stream }: Pick<Load, 'job' | 'stream'>): string => `bronze/${job}/${stream}`;

/** Finds the last sets. A run that has committed without saying so is completed and counts. */
export async function openSets({ state, uploads, load, options, dryRun = false }: ChainOptions): Promise<SetChain> {
  const key = itemKey(load);
  const found = await state.get(key);
  const { last, next } = itemOf(found);
  if (dryRun) return { base: last, announce: async () => undefined };
  const other = next !== null && next.run_id !== load.runId ? { job: load.job, runId: next.run_id, stream: load.stream } : undefined;
  const committed = other && (await completedRecord(uploads, other, options));
  if (committed !== undefined) {
    await put(state, key, { last: detailsOf(committed).sets, next: null }, found, load);
    return openSets({ state, uploads, load, options });
  }
  return {
    base: last,
    async announce() {
      const now = await announced(state, key, { last, next: { run_id: load.runId } }, found, load);
      // It may have come to its commit since it was looked for, and can't say so any more.
      if (now && other !== undefined && (await uploads.record(other)) !== undefined) throw overtaken(load);
    },
  };
}

/** As far as it was said: a load that has just committed may not have come to that. */
export const lastSets = async (state: StateStore, job: string, stream: string): Promise<LastSets | null> =>
  itemOf(await state.get(itemKey({ job, stream }))).last;

const itemOf = (found: StateItem | undefined): Item => (found?.value ?? { last: null, next: null }) as unknown as Item;

async function completedRecord(
  uploads: PendingUploads,
  of: Parameters<PendingUploads['record']>[0],
  options: LoadOptions,
): Promise<CommitRecord | undefined> {
  try {
    const record = await uploads.record(of);
    if (record !== undefined) await uploads.recover(of, options);
    return record;
  } catch (error) {
    if (!(error instanceof FatalError)) throw error;
    // Its uploads are too old, or its record is damaged: that run says so itself. Its rows are not all there, so its sets don't count.
    options.logger.warn('An earlier run has committed and can not be completed', { run: of.runId, stream: of.stream, error: error.message });
    return undefined;
  }
}

/** Whether it was this call that announced. Another attempt of the same run may have, or have committed: then its record decides. */
async function announced(state: StateStore, key: string, item: Item, found: StateItem | undefined, load: Load): Promise<boolean> {
  try {
    await state.put(key, item as unknown as JsonObject, found?.revision ?? null);
    return true;
  } catch (error) {
    if (!(error instanceof RevisionConflictError)) throw error;
    const { last, next } = itemOf(await state.get(key));
    if (last?.run_id === load.runId) return false;
    if (next?.run_id === load.runId && last?.run_id === item.last?.run_id) return false;
    throw overtaken(load);
  }
}

async function put(state: StateStore, key: string, item: Item, found: StateItem | undefined, load: Load): Promise<void> {
  try {
    await state.put(key, item as unknown as JsonObject, found?.revision ?? null);
  } catch (error) {
    if (error instanceof RevisionConflictError) throw overtaken(load);
    throw error;
  }
}

const overtaken = ({ stream, job }: Load): RetryableError =>
  new RetryableError(`Another run of ${job} has loaded ${stream} at the same time`, {
    where: stream,
    hint: 'Nothing of this load was published. Run it again: it is then compared with what that run has delivered.',
  });

/**
 * Makes the sets of a committed load the last ones. An attempt that only finds the commit changes nothing when later loads were there since. `own`: this attempt has
 * committed; when somebody has announced another load in the instant before, nobody knows any more what was delivered last, and the next load begins anew.
 */
export async function settleSets(state: StateStore, load: Load, record: CommitRecord, own: boolean): Promise<void> {
  const { sets } = detailsOf(record);
  const key = itemKey(load);
  for (;;) {
    const found = await state.get(key);
    const { last, next } = itemOf(found);
    if (last?.run_id === load.runId) return;
    const isNext = next?.run_id === load.runId;
    if (!isNext && !own) return;
    try {
      await state.put(key, (isNext ? { last: sets, next: null } : { last: null, next }) as unknown as JsonObject, found?.revision ?? null);
      return;
    } catch (error) {
      // Somebody wrote in between: what is there now decides.
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}

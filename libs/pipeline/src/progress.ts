import type { Ledger } from './ledger.js';
import type { JsonObject } from './ports/json.js';
import type { WrittenObject } from './ports/sink.js';
import type { Note } from './ports/stream.js';
import type { StateStore } from './ports/state-store.js';

/** How far the sinks of one slice are: kept in the state store, so that a later attempt repeats only what was not acknowledged. */
export interface SliceProgress {
  readonly sinks: Readonly<Record<string, SinkProgress>>;
  /** The whole ledger when this was saved. */
  readonly ledger?: Ledger;
  /** Present once every record of the slice is delivered or dead-lettered. */
  readonly finished?: { readonly notes: readonly Note[]; readonly groups_from_landing: number };
}

export interface SinkProgress {
  /** Batches acknowledged so far, contiguous from the first. */
  readonly parts: number;
  readonly delivered: number;
  readonly dead_lettered: number;
  readonly objects: readonly WrittenObject[];
  /** Of batch number `parts`: the indexes that are still to be sent, when the rest of it is acknowledged. */
  readonly remaining?: readonly number[];
  /** Digest of the ids in these batches: another attempt must find the same ones in them, or it would skip records or send them twice. */
  readonly ids?: string;
}

export const emptySinkProgress: SinkProgress = { parts: 0, delivered: 0, dead_lettered: 0, objects: [] };

export interface ProgressKeeper {
  readonly current: SliceProgress;
  save(next: SliceProgress): Promise<void>;
}

export async function openProgress(state: StateStore, runId: string, streamId: string, slice: number): Promise<ProgressKeeper> {
  const key = `progress/${runId}/${streamId}/${slice}`;
  const item = await state.get(key);
  let revision = item?.revision ?? null;
  let current: SliceProgress = item === undefined ? { sinks: {} } : (item.value as unknown as SliceProgress);
  return {
    get current() {
      return current;
    },
    async save(next) {
      revision = await state.put(key, next as unknown as JsonObject, revision);
      current = next;
    },
  };
}

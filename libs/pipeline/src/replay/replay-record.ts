import { randomUUID } from 'node:crypto';
import { StopError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import { replayId } from '../identity.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';

/** A replay as it is asked for: equal ones are one, as long as it is not complete. */
export interface ReplaySelection {
  readonly from: string;
  readonly to: string;
  readonly job?: string;
  readonly streams?: readonly string[];
}

/** How far a call of `replay` is. */
interface ReplayItem {
  /** Counts the replays of the same from 1. */
  readonly number: number;
  readonly status: 'running' | 'complete';
  /** Of the last replay that began it. */
  readonly replay_id: string;
  readonly attempts: number;
}

/** How far the replay of one stream of one run is. */
interface StreamReplayItem extends ReplayItem {
  /** Names its surveys; random, because numbers begin again where the state store was made anew. */
  readonly id: string;
  /**
   * Moves on when an attempt makes something else of the landed pages than the last one (`content` is other), or finds what was complete changed:
   * what was looked at and acknowledged in another turn says nothing about what stands there now, also when an older transform is back.
   */
  readonly turn: number;
  /** Digest of what the transform makes of the stream's slices; null before the first attempt. */
  readonly content: string | null;
}

/** Of a call. Several may be made at once: the streams' leases keep them apart, and each says how it ended. */
export interface ReplayRecord {
  readonly item: ReplayItem;
  /** Notes that it goes on. */
  begin(): Promise<void>;
  complete(): Promise<void>;
}

/** For who holds the stream's delivery lease. Both throw `StopError` when somebody else has written it since: then the lease was lost. */
export interface StreamReplayRecord {
  readonly item: StreamReplayItem;
  /** Notes that it goes on. */
  begin(changes: Pick<StreamReplayItem, 'content' | 'turn'>): Promise<void>;
  complete(): Promise<void>;
}

/** Its revision changes with every attempt: who keeps it can tell that there was one since. */
export const streamReplayKey = (runId: string, streamId: string): string => `replayed/${runId}/${streamId}`;

const selectionKey = ({ from, to, job, streams }: ReplaySelection): readonly unknown[] => [
  from,
  to,
  job ?? null,
  streams === undefined ? null : [...streams].sort(),
];

/** The unfinished replay of this selection, or the next one. Writes nothing. */
export async function openReplay(state: StateStore, selection: ReplaySelection): Promise<ReplayRecord> {
  const name = selectionKey(selection);
  const key = `replay/${replayId(name, 0)}`;
  const next = (found: ReplayItem | undefined): ReplayItem => {
    if (found?.status === 'running') return found;
    const number = (found?.number ?? 0) + 1;
    return { number, status: 'running', replay_id: replayId(name, number), attempts: 0 };
  };
  let item = next((await state.get(key))?.value as unknown as ReplayItem | undefined);
  return {
    get item() {
      return item;
    },
    async begin() {
      item = await change(state, key, (found) => {
        const begun = next(found);
        return { ...begun, attempts: begun.attempts + 1 };
      });
    },
    async complete() {
      // One that somebody has begun since then, because this one was complete, goes on.
      await change<ReplayItem>(state, key, (found) =>
        found === undefined || found.number === item.number ? { ...item, ...found, status: 'complete' } : found,
      );
    },
  };
}

/** Changes an item, whoever else does at the same moment. */
async function change<Item>(state: StateStore, key: string, to: (found: Item | undefined) => Item): Promise<Item> {
  for (;;) {
    const stored = await state.get(key);
    const item = to(stored?.value as unknown as Item | undefined);
    try {
      await state.put(key, item as unknown as JsonObject, stored?.revision ?? null);
      return item;
    } catch (error) {
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}

/** The replay of a stream of a run: goes on with one that is not complete, whoever began it; one that `id` completed stays complete. Writes nothing. */
export async function openStreamReplay(state: StateStore, runId: string, streamId: string, id: string): Promise<StreamReplayRecord> {
  const key = streamReplayKey(runId, streamId);
  const stored = await state.get(key);
  const found = stored?.value as unknown as StreamReplayItem | undefined;
  let revision = stored?.revision ?? null;
  let item: StreamReplayItem =
    found !== undefined && (found.status === 'running' || found.replay_id === id)
      ? { ...found, replay_id: id }
      : { number: (found?.number ?? 0) + 1, status: 'running', replay_id: id, attempts: 0, id: randomUUID(), turn: 0, content: null };
  const put = async (changed: StreamReplayItem): Promise<void> => {
    revision = await state.put(key, changed as unknown as JsonObject, revision).catch((cause: unknown) => {
      throw cause instanceof RevisionConflictError ? takenOver(state, key, cause) : cause;
    });
    item = changed;
  };
  return {
    get item() {
      return item;
    },
    begin: (changes) => put({ ...item, ...changes, status: 'running', attempts: item.attempts + 1 }),
    complete: () => put({ ...item, status: 'complete' }),
  };
}

const takenOver = (state: StateStore, key: string, cause: unknown): StopError =>
  new StopError('another copy of this replay has taken over', {
    reason: 'lease',
    where: `${state.uri} ${key}`,
    hint: 'Wait until it has ended; the same command then goes on, or does it again.',
    cause,
  });

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

interface Progressing<Item extends ReplayItem> {
  readonly item: Item;
  /** Notes that it goes on. Throws `StopError` when somebody else began it at the same moment. */
  begin(changes?: Partial<Item>): Promise<void>;
  /** Throws `StopError` when somebody else has begun or completed it since: then that one speaks for it. */
  check(): Promise<void>;
  complete(): Promise<void>;
}

export type ReplayRecord = Progressing<ReplayItem>;
export type StreamReplayRecord = Progressing<StreamReplayItem>;

const selectionKey = ({ from, to, job, streams }: ReplaySelection): readonly unknown[] => [
  from,
  to,
  job ?? null,
  streams === undefined ? null : [...streams].sort(),
];

/** The unfinished replay of this selection, or the next one. Writes nothing. */
export async function openReplay(state: StateStore, selection: ReplaySelection): Promise<ReplayRecord> {
  const name = selectionKey(selection);
  return open<ReplayItem>(state, `replay/${replayId(name, 0)}`, (found) => {
    if (found?.status === 'running') return found;
    const number = (found?.number ?? 0) + 1;
    return { number, status: 'running', replay_id: replayId(name, number), attempts: 0 };
  });
}

/** The replay of a stream of a run: goes on with one that is not complete, whoever began it; one that `id` completed stays complete. Writes nothing. */
export const openStreamReplay = (state: StateStore, runId: string, streamId: string, id: string): Promise<StreamReplayRecord> =>
  open<StreamReplayItem>(state, `replayed/${runId}/${streamId}`, (found) => {
    if (found !== undefined && (found.status === 'running' || found.replay_id === id)) return { ...found, replay_id: id };
    return { number: (found?.number ?? 0) + 1, status: 'running', replay_id: id, attempts: 0, id: randomUUID(), turn: 0, content: null };
  });

async function open<Item extends ReplayItem>(state: StateStore, key: string, next: (found: Item | undefined) => Item): Promise<Progressing<Item>> {
  const stored = await state.get(key);
  let revision = stored?.revision ?? null;
  let item = next(stored?.value as unknown as Item | undefined);
  const underWay = (cause?: unknown): StopError =>
    new StopError('another copy of this replay is under way', {
      reason: 'lease',
      where: `${state.uri} ${key}`,
      hint: 'Wait until it has ended; the same command then goes on, or does it again.',
      cause,
    });
  const put = async (changed: Item): Promise<void> => {
    revision = await state.put(key, changed as unknown as JsonObject, revision).catch((cause: unknown) => {
      throw cause instanceof RevisionConflictError ? underWay(cause) : cause;
    });
    item = changed;
  };
  return {
    get item() {
      return item;
    },
    begin: (changes) => put({ ...item, ...changes, status: 'running', attempts: item.attempts + 1 }),
    async check() {
      if (((await state.get(key))?.revision ?? null) !== revision) throw underWay();
    },
    complete: () => put({ ...item, status: 'complete' }),
  };
}

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

/** How far a call of `replay`, or the replay of one stream of one run, is. */
interface ReplayItem {
  /** Counts the replays of the same from 1. */
  readonly number: number;
  readonly status: 'running' | 'complete';
  /** Of the last replay that began it. */
  readonly replay_id: string;
  readonly attempts: number;
}

export interface ReplayRecord extends ReplayItem {
  /** Notes that it goes on. Throws `StopError` when somebody else began it at the same moment. */
  begin(): Promise<void>;
  complete(): Promise<void>;
}

const selectionKey = ({ from, to, job, streams }: ReplaySelection): readonly unknown[] => [
  from,
  to,
  job ?? null,
  streams === undefined ? null : [...streams].sort(),
];

/** The unfinished replay of this selection, or the next one. Writes nothing. */
export async function openReplay(state: StateStore, selection: ReplaySelection): Promise<ReplayRecord> {
  const name = selectionKey(selection);
  return open(state, `replay/${replayId(name, 0)}`, (number) => replayId(name, number), undefined);
}

/** The replay of a stream of a run: goes on with one that is not complete, whoever began it; one that `replayId` completed stays complete. Writes nothing. */
export const openStreamReplay = (state: StateStore, runId: string, streamId: string, id: string): Promise<ReplayRecord> =>
  open(state, `replayed/${runId}/${streamId}`, () => id, id);

async function open(state: StateStore, key: string, idOf: (number: number) => string, keptIf: string | undefined): Promise<ReplayRecord> {
  const item = await state.get(key);
  const found = item?.value as unknown as ReplayItem | undefined;
  let revision = item?.revision ?? null;
  const goesOn = found !== undefined && (found.status === 'running' || found.replay_id === keptIf);
  const number = goesOn ? found.number : (found?.number ?? 0) + 1;
  let current: ReplayItem = goesOn ? { ...found, replay_id: idOf(number) } : { number, status: 'running', replay_id: idOf(number), attempts: 0 };
  const put = async (next: ReplayItem): Promise<void> => {
    revision = await state.put(key, next as unknown as JsonObject, revision).catch((cause: unknown) => {
      if (!(cause instanceof RevisionConflictError)) throw cause;
      throw new StopError('another copy of this replay is under way', {
        reason: 'lease',
        where: `${state.uri} ${key}`,
        hint: 'Wait until it has ended; the same command then goes on, or does it again.',
        cause,
      });
    });
    current = next;
  };
  return {
    get number() {
      return current.number;
    },
    get status() {
      return current.status;
    },
    get replay_id() {
      return current.replay_id;
    },
    get attempts() {
      return current.attempts;
    },
    begin: () => put({ ...current, status: 'running', attempts: current.attempts + 1 }),
    complete: () => put({ ...current, status: 'complete' }),
  };
}

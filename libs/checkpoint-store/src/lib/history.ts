import { RevisionConflictError, type JsonObject, type StateItem, type StateStore } from '@loadin/pipeline';
import { isDeepStrictEqual } from 'node:util';
import { RetryableError, systemClock, type Clock } from '@loadin/resilience';

export interface HistoryOptions {
  /** States kept of each checkpoint, the current one included. Default 20: some weeks of a daily job. */
  readonly keep?: number;
  /** Under which name a checkpoint's history is kept, where several keys mean the same one. Default: its key. */
  readonly nameOf?: (key: string) => string;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** One state that a checkpoint has had. */
export interface PastState {
  /** Counts the states of this checkpoint from 1. */
  readonly rev: number;
  /** When it was noted, ISO 8601 UTC. */
  readonly at: string;
  /** The store's revision of the state that it was to take the place of; `null` for the first. */
  readonly before: string | null;
  readonly value: JsonObject;
  /** It was found there: somebody had written it by hand, or before there was a history. */
  readonly found?: true;
}

/** A state store that keeps the last states of each checkpoint. */
export interface StateStoreWithHistory extends StateStore {
  /** The states of a checkpoint, oldest first; the last one is the current one. Empty when it has none. */
  history(key: string): Promise<readonly PastState[]>;
}

const CHECKPOINT = 'checkpoint/';
const HISTORY = 'history/';
/** Below the 100 KB of an item; of large states fewer are kept. */
const LARGEST_HISTORY_BYTES = 90 * 1024;
/** Each round somebody else notes a state. */
const MAX_ROUNDS = 20;

/**
 * Keeps a history of the items `checkpoint/…` in items `history/checkpoint/…`, over nothing but `get` and `put`. The new state is noted first, then the checkpoint
 * moves by condition: so a state that was ever current is in the history. One that was noted and did not become current (a crash in between, somebody was
 * faster) is told by the revision that it was to replace, and is left out.
 */
export function withCheckpointHistory(store: StateStore, options: HistoryOptions = {}): StateStoreWithHistory {
  const { keep = 20, nameOf = (key: string) => key, clock = systemClock } = options;
  const now = (): string => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  const historyKey = (key: string): string => `${HISTORY}${nameOf(key)}`;

  const note = async (key: string, current: StateItem | undefined, value: JsonObject): Promise<void> => {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const item = await store.get(historyKey(key));
      const states = current === undefined ? settledBeforeDeletion(statesOf(item)) : statesOf(item);
      const { confirmed, pending } = sorted(states, current, now());
      const rev = (confirmed.at(-1)?.rev ?? 0) + 1;
      // What somebody else has noted stays until it is known who was faster.
      const next = fitting([...confirmed, ...pending, { rev, at: now(), before: current?.revision ?? null, value }], keep);
      try {
        await store.put(historyKey(key), { states: next } as unknown as JsonObject, item?.revision ?? null);
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflictError)) throw error;
      }
    }
    throw new RetryableError(`The history of "${key}" could not be written: others write it all the time`, {
      where: store.uri,
      hint: 'Run it again.',
    });
  };

  return {
    uri: store.uri,
    get: (key) => store.get(key),
    list: (prefix) => store.list(prefix),
    async put(key, value, expected) {
      if (key.startsWith(CHECKPOINT)) {
        const current = await store.get(key);
        // Otherwise the store refuses it, and nothing is to be noted.
        if ((current?.revision ?? null) === expected) await note(key, current, value);
      }
      return store.put(key, value, expected);
    },
    async history(key) {
      const [item, current] = [await store.get(historyKey(key)), await store.get(key)];
      return sorted(statesOf(item), current, now()).confirmed;
    },
  };
}

const statesOf = (item: StateItem | undefined): PastState[] => [...((item?.value['states'] ?? []) as unknown as readonly PastState[])];

interface Sorted {
  /** States that were current, the last of them being what is current now. */
  readonly confirmed: PastState[];
  /** They are to take the place of what is current now: a move is under way, or was given up. */
  readonly pending: PastState[];
}

/** Tells by the current state which of the states that were noted became current. */
function sorted(states: readonly PastState[], current: StateItem | undefined, now: string): Sorted {
  const pendingFrom = states.findIndex(({ before, found }) => !found && before === (current?.revision ?? null));
  const [past, pending] = pendingFrom < 0 ? [states, []] : [states.slice(0, pendingFrom), states.slice(pendingFrom)];
  // Of several that were to take the place of one, one did.
  const last = past.at(-1);
  const rivals = past.filter(({ before, found }) => !found && !last?.found && before === last?.before);
  const winner = rivals.filter((state) => isCurrent(state, current)).at(-1);
  const confirmed = winner === undefined ? [...past] : [...past.filter((state) => !rivals.includes(state)), winner];
  if (current !== undefined && !isCurrent(confirmed.at(-1), current))
    confirmed.push({ rev: (confirmed.at(-1)?.rev ?? 0) + 1, at: now, before: null, value: current.value, found: true });
  return { confirmed, pending: [...pending] };
}

/**
 * There is no checkpoint, so what is noted to follow another is of one that was deleted. A store may count the revisions of the next one from the beginning:
 * these states must not be taken for its own. The last, where they follow nothing, may be somebody's who begins it right now.
 */
function settledBeforeDeletion(states: readonly PastState[]): PastState[] {
  const beginning = [...states].reverse().findIndex(({ before, found }) => found || before !== null);
  const deleted = beginning < 0 ? 0 : states.length - beginning;
  return states.map((state, index) => (index < deleted && !state.found ? { ...state, before: `deleted ${index}` } : state));
}

const isCurrent = (state: PastState | undefined, current: StateItem | undefined): boolean =>
  current !== undefined && isDeepStrictEqual(state?.value, current.value);

function fitting(states: readonly PastState[], keep: number): PastState[] {
  let kept = states.slice(-keep);
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(kept)) > LARGEST_HISTORY_BYTES) kept = kept.slice(1);
  return kept;
}

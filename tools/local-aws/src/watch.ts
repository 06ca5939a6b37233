import { seededRandom, type FaultDecision, type FaultEffect, type FaultTarget } from './faults.js';

/**
 * Sees every call, in the process of the server: for tests that have to know what was done in which order, and to strike at one exact moment.
 * What it decides comes before all fault rules.
 */
export interface CallWatcher {
  /** Nothing is done yet, and nothing will be until it has answered: who does not answer holds the call. An effect strikes the call as that of a rule would. */
  before?(call: WatchedCall): FaultEffect | undefined | Promise<FaultEffect | undefined>;
  /** It is done and durable, or it was refused, and it is not answered before this has resolved. `lostAnswer`: it is not answered at all. */
  after?(call: WatchedCall, outcome: CallOutcome): 'lostAnswer' | undefined | Promise<'lostAnswer' | undefined>;
}

export interface WatchedCall extends FaultTarget {
  /** From 1, in the order in which calls were understood. */
  readonly number: number;
  /** The id of the access key that signed it. */
  readonly caller: string | undefined;
  /** The input of a JSON service (DynamoDB, Kinesis, Secrets Manager). */
  readonly input?: Readonly<Record<string, unknown>>;
  /** What an S3 call brings, when that is at most 16 MB; chunked bodies with their chunk headers. */
  readonly body?: Buffer;
  /** Aborted when the client has closed the connection: it waits no longer. The call is done all the same, as calls are that were on their way. */
  readonly gone: AbortSignal;
}

export interface CallOutcome {
  /** It was carried out and is durable. */
  readonly done: boolean;
  /** That is answered. Undefined: the connection is closed before anything was done. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a JSON service that carried it out. */
  readonly output?: Readonly<Record<string, unknown>>;
  /** False: it is done, and its answer is lost by a fault. */
  readonly answered: boolean;
}

export interface Watchers {
  /** Gives the function that ends it. */
  add(watcher: CallWatcher): () => void;
  /** Undefined when nobody watches: then a call costs nothing more. */
  current(): CallWatcher | undefined;
  nextNumber(): number;
}

export function createWatchers(): Watchers {
  const watchers = new Set<CallWatcher>();
  let calls = 0;
  return {
    add(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    current: () => (watchers.size === 0 ? undefined : together([...watchers])),
    nextNumber: () => (calls += 1),
  };
}

/** All are asked; the first that wants something gets it. */
function together(watchers: readonly CallWatcher[]): CallWatcher {
  return {
    async before(call) {
      const effects = await Promise.all(watchers.map((watcher) => watcher.before?.(call)));
      return effects.find((effect) => effect !== undefined);
    },
    async after(call, outcome) {
      const wishes = await Promise.all(watchers.map((watcher) => watcher.after?.(call, outcome)));
      return wishes.find((wish) => wish !== undefined);
    },
  };
}

/** A watcher's effect as the decision that rules come to. */
export function decisionOf(effect: FaultEffect, call: WatchedCall): FaultDecision {
  if (typeof effect === 'string') return { latencyMs: 0, effect };
  if ('latencyMs' in effect) return { latencyMs: effect.latencyMs };
  return { latencyMs: 0, partial: { ...effect, random: seededRandom(call.number) } };
}

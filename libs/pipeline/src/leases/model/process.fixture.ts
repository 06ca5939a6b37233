import type { Scheduler } from 'fast-check';
import { createMemoryObjectStore, createMemoryStateStore } from '@loadin/testing';
import { RetryableError, type Clock, type JsonObject, type ObjectStore, type StateStore } from '../../index.js';

/** What happens to a write: nothing · it fails · its answer is lost · it fails, and is carried out later all the same. */
export type Fault = 'none' | 'error' | 'lost answer' | 'late';

/** What becomes of one process. */
export interface Fate {
  readonly name: string;
  /** Of its writes, in turn and again from the first. */
  readonly faults: readonly Fault[];
  /** It is killed after so many steps; `null`: never. */
  readonly dies: number | null;
  /** After so many steps it stands still, its renewals too, while the world goes on for so many turns; `null`: never. */
  readonly pause: { readonly after: number; readonly turns: number } | null;
  /** Milliseconds that its clock jumps, sleep by sleep, and again from the first. */
  readonly jumps: readonly number[];
}

/** A write that was carried out. */
export interface Written {
  readonly by: string;
  readonly key: string;
  readonly value: JsonObject;
}

/** What the processes share. A broken one is a test of the rules. */
export interface Stores {
  readonly state: ReturnType<typeof createMemoryStateStore>;
  readonly lake: ReturnType<typeof createMemoryObjectStore>;
}

export const createStores = (): Stores => ({ state: createMemoryStateStore(), lake: createMemoryObjectStore() });

export interface ModelWorld extends Stores {
  readonly scheduler: Scheduler;
  /** In the order in which they were carried out. */
  readonly written: Written[];
  /** Steps that were made so far, by all. */
  turns: number;
}

export interface ModelProcess {
  readonly name: string;
  readonly state: StateStore;
  readonly lake: ObjectStore;
  readonly clock: Clock;
  /** Something else that takes time: the others may do anything meanwhile. */
  step(what: string): Promise<void>;
}

/** More than any story needs: one that goes on beyond it never ends. */
const MOST_STEPS = 20_000;

/** A process of which every call takes its time, on the way there and on the way back: the scheduler decides whose step is next. */
export function createProcess(world: ModelWorld, { name, faults, dies, pause, jumps }: Fate): ModelProcess {
  const { scheduler } = world;
  let [steps, writes, sleeps, now, until] = [0, 0, 0, Date.UTC(2024, 10, 8, 2), 0];
  const dead = (): boolean => dies !== null && steps >= dies;
  const step = async (what: string): Promise<void> => {
    if (dead()) await forever();
    do {
      await scheduler.schedule(Promise.resolve(), `${name}: ${what}`);
      world.turns += 1;
    } while (world.turns < until);
    steps += 1;
    if (steps === pause?.after) until = world.turns + pause.turns;
    if (steps > MOST_STEPS) throw new Error(`${name} never ends`);
    if (dead()) await forever();
  };
  const write = async <Answer>(what: string, run: () => Promise<Answer>): Promise<Answer> => {
    const fault = faults[writes++ % faults.length] ?? 'none';
    await step(what);
    if (fault === 'late') void scheduler.schedule(Promise.resolve(), `${name}: ${what}, late`).then(run).catch(ignored);
    if (fault === 'error' || fault === 'late') throw new RetryableError(`${fault} at ${what}`);
    const outcome = run();
    outcome.catch(ignored);
    await step(`answer to ${what}`);
    if (fault === 'lost answer') throw new RetryableError(`${fault} at ${what}`);
    return outcome;
  };
  const put = (key: string, value: JsonObject, expected: string | null): Promise<string> => {
    const before = world.state.history.length;
    const outcome = world.state.put(key, value, expected);
    // What it does it does at once; only its answer is a promise.
    if (world.state.history.length > before) world.written.push({ by: name, key, value: structuredClone(value) });
    return outcome;
  };
  return {
    name,
    step,
    state: {
      ...world.state,
      async get(key) {
        await step(`get ${key}`);
        const item = await world.state.get(key);
        await step(`answer to get ${key}`);
        return item;
      },
      put: (key, value, expected) => write(`put ${key}`, () => put(key, value, expected)),
    },
    lake: {
      ...world.lake,
      async get(key) {
        await step(`get ${key}`);
        return world.lake.get(key);
      },
      putIfAbsent: (key, body, options) => write(`create ${key}`, () => world.lake.putIfAbsent(key, body, options)),
    },
    clock: {
      now: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason as Error);
          signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          void step('sleep').then(() => {
            now += ms + (jumps[sleeps++ % jumps.length] ?? 0);
            resolve();
          }, reject);
        }),
    },
  };
}

const forever = (): Promise<never> => new Promise(() => undefined);
/** The process that asked has given up on it. */
const ignored = (): void => undefined;

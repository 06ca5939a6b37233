import type { GroupWithSchema } from '../part-writer.js';
import type { EncodedColumns } from '../row-encoder.js';
import type { TableSchema } from '../schema/table-schema.js';
import { storedRows, type StoredRows } from '../stored-rows.js';
import { encodeUnderContract, type UnderContract } from '../under-contract.js';
import type { LateWorker } from './late-worker.js';
import type { TakenRows } from './taken-rows.js';

/** Makes row groups, here and in the thread, and hands them on in the order in which their rows came. */
export interface GroupQueue {
  /** `done` is called when it is the group's turn: with `undefined` where there are no rows, or none of them has a place. */
  add(rows: TakenRows | undefined, done: (group: GroupWithSchema | undefined) => void): void;
  /** Whether so much waits that `settle` should be called before the next one. */
  readonly isFull: boolean;
  settle(): Promise<void>;
  /** Until all have had their turn. */
  drain(): Promise<void>;
  /** Rows in groups so far, and those that were left out. */
  readonly rows: number;
  readonly quarantined: number;
}

export interface GroupQueueOptions extends UnderContract {
  /** As long as there is none every group is made at once. */
  readonly thread: LateWorker;
  /** Of all rows that have come, those that are in no group yet too. */
  readonly bytes: () => number;
  /** Whether rows were let in by the contract, so that they fit the schema as it is when they are added; otherwise it is encoding that finds out. */
  readonly admitted: boolean;
  /** Is given the memory of rows that are not needed any more. */
  readonly release: (rows: TakenRows) => void;
}

interface Entry {
  rows: TakenRows | undefined;
  readonly bytes: number;
  readonly done: (group: GroupWithSchema | undefined) => void;
  /** What it is made with: it is what it would be without a thread only if that is still so when it is its turn. */
  readonly schema: TableSchema;
  readonly plain: number;
  isAway: boolean;
  made: EncodedColumns | undefined;
  /** Why the thread has made none. */
  problem: string;
}

/** One that the thread works at, and one so that it doesn't wait for the next. */
const MOST_AWAY = 2;
/** Of rows whose group has not had its turn, unless it is one group alone. */
const MOST_BYTES = 20 * 1024 * 1024;
/** Groups that wait: more small ones would be more pieces of memory than are used again. */
const MOST_ENTRIES = 6;
const NONE: ReadonlySet<number> = new Set();

export function createGroupQueue(options: GroupQueueOptions): GroupQueue {
  const { thread, contract, encoder, plain, admitted, release } = options;
  const entries: Entry[] = [];
  const away: Entry[] = [];
  let [rows, quarantined, bytes] = [0, 0, 0];

  const finish = ({ rows: taken, schema, plain: known, made, problem, done }: Entry): void => {
    if (taken === undefined) return done(undefined);
    const current = admitted ? schema : contract.schema;
    const holds = known === plain.size && schema === current;
    const encoded = made !== undefined && holds ? made : encoder.encode(stored(taken), { schema: current, without: NONE, plain });
    if (problem !== '' && holds && 'group' in encoded) throw new Error(`The thread could not encode what can be encoded: ${problem}`);
    const group = 'group' in encoded ? accept(encoded, current) : contracted(taken);
    rows += group?.group.rows ?? 0;
    release(taken);
    done(group);
  };
  const accept = ({ group, columns, plain: found }: EncodedColumns, { version }: TableSchema): GroupWithSchema => {
    if (!admitted) contract.seal();
    found.forEach((name) => plain.add(name));
    return { group, columns, schemaVersion: version };
  };
  const contracted = (taken: TakenRows): GroupWithSchema | undefined => {
    const made = encodeUnderContract(stored(taken), options);
    quarantined += made.quarantined;
    return made.group;
  };
  const advance = (): void => {
    for (let answer = thread.worker?.poll(); answer !== undefined; answer = thread.worker?.poll()) {
      const entry = away.shift();
      if (entry !== undefined) Object.assign(entry, { isAway: false, ...answer });
    }
    for (let head = entries[0]; head !== undefined && !head.isAway; head = entries[0]) {
      entries.shift();
      bytes -= head.bytes;
      finish(head);
    }
  };
  /** In the thread, or here while that has enough to do. */
  const begin = (entry: Entry): void => {
    if (entry.rows === undefined) return;
    const worker = thread.from(options.bytes());
    if (worker === undefined) return;
    if (away.length < MOST_AWAY) {
      worker.post(entry.rows, entry.schema, [...plain]);
      entry.isAway = true;
      away.push(entry);
    } else {
      const encoded = encoder.encode(stored(entry.rows), { schema: entry.schema, without: NONE, plain });
      if ('group' in encoded) entry.made = encoded;
    }
  };
  const isFull = (): boolean => (bytes > MOST_BYTES && entries.length > 1) || entries.length > MOST_ENTRIES;
  const until = async (isDone: () => boolean): Promise<void> => {
    for (advance(); !isDone(); advance()) await thread.worker?.wait();
  };

  return {
    add(taken, done) {
      advance();
      const entry: Entry = {
        ...{ rows: taken, bytes: taken?.length ?? 0, done, schema: contract.schema, plain: plain.size },
        ...{ isAway: false, made: undefined, problem: '' },
      };
      // What is let in later has the next version.
      if (admitted && taken !== undefined) contract.seal();
      begin(entry);
      entries.push(entry);
      bytes += entry.bytes;
      advance();
    },
    get isFull() {
      return isFull();
    },
    settle: () => until(() => !isFull()),
    drain: () => until(() => entries.length === 0),
    get rows() {
      return rows;
    },
    get quarantined() {
      return quarantined;
    },
  };
}

const stored = ({ bytes, length, count }: TakenRows): StoredRows => storedRows(bytes.subarray(0, length), length, count);

import { hash } from 'node:crypto';

/** What is kept of one id. */
export interface IdEntry {
  /** Number of the object that has it; -1 for an id that is known from a dead letter alone. */
  readonly object: number;
  /** The record's hash is this one. */
  sameHash(recordHash: string): boolean;
  /** Marks it as met, and says whether it was before. */
  meet(): boolean;
  readonly met: boolean;
}

/**
 * Ids and record hashes in typed arrays: 21 bytes a slot, whatever the ids' length. Only 64 bits of each are kept, so that "twice" and "other hash" are
 * worth another look at the record itself before they are said: by chance that happens once in 10^7 runs of a million ids.
 */
export interface IdTable {
  /** Whether this pass looks at the id. */
  takes(id: string): boolean;
  /** `undefined` when the id is new (it is in the table now), else what was there. The table grows when it must. */
  add(id: string, recordHash: string, object: number): IdEntry | undefined;
  find(id: string): IdEntry | undefined;
  /** How many ids of each object were never met. */
  unmet(): ReadonlyMap<number, number>;
}

const MET = 2;
const USED = 1;
/** Of the slots. */
const FULLEST = 0.75;

export function createIdTable(capacity: number, pass: number, passes: number): IdTable {
  let columns = newColumns(2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2))));
  let used = 0;

  const put = (a: number, b: number, hashes: readonly [number, number], object: number, flag: number): void => {
    const slot = slotOf(columns, a, b);
    columns.idA[slot] = a;
    columns.idB[slot] = b;
    [columns.hashA[slot], columns.hashB[slot]] = hashes;
    columns.objects[slot] = object;
    columns.flags[slot] = flag;
    used += 1;
  };
  /** Objects can hold more than was reported; in a full table a search would never end. */
  const grow = (): void => {
    const { slots, idA, idB, hashA, hashB, objects, flags } = columns;
    columns = newColumns(slots * 2);
    used = 0;
    for (let slot = 0; slot < slots; slot += 1) {
      const flag = flags[slot] ?? 0;
      if (flag !== 0) put(idA[slot] ?? 0, idB[slot] ?? 0, [hashA[slot] ?? 0, hashB[slot] ?? 0], objects[slot] ?? -1, flag);
    }
  };

  return {
    takes: (id) => passes === 1 || fingerprint(id)[1] % passes === pass,
    add(id, recordHash, object) {
      const [a, b] = fingerprint(id);
      const slot = slotOf(columns, a, b);
      if (columns.flags[slot] !== 0) return entryAt(columns, slot);
      put(a, b, wordsOf(recordHash), object, USED);
      if (used > columns.slots * FULLEST) grow();
      return undefined;
    },
    find(id) {
      const [a, b] = fingerprint(id);
      const slot = slotOf(columns, a, b);
      return columns.flags[slot] === 0 ? undefined : entryAt(columns, slot);
    },
    unmet() {
      const { slots, objects, flags } = columns;
      const found = new Map<number, number>();
      for (let slot = 0; slot < slots; slot += 1) {
        const object = objects[slot] ?? -1;
        if (flags[slot] === USED && object >= 0) found.set(object, (found.get(object) ?? 0) + 1);
      }
      return found;
    },
  };
}

interface Columns {
  /** A power of 2. */
  readonly slots: number;
  readonly idA: Uint32Array;
  readonly idB: Uint32Array;
  readonly hashA: Uint32Array;
  readonly hashB: Uint32Array;
  readonly objects: Int32Array;
  readonly flags: Uint8Array;
}

const newColumns = (slots: number): Columns => ({
  slots,
  idA: new Uint32Array(slots),
  idB: new Uint32Array(slots),
  hashA: new Uint32Array(slots),
  hashB: new Uint32Array(slots),
  objects: new Int32Array(slots),
  flags: new Uint8Array(slots),
});

/** The slot of the id, or the free one where it belongs. */
function slotOf({ slots, idA, idB, flags }: Columns, a: number, b: number): number {
  let slot = a & (slots - 1);
  while (flags[slot] !== 0 && !(idA[slot] === a && idB[slot] === b)) slot = (slot + 1) & (slots - 1);
  return slot;
}

/** Good until the next `add`. */
const entryAt = ({ objects, hashA, hashB, flags }: Columns, slot: number): IdEntry => ({
  object: objects[slot] ?? -1,
  sameHash(recordHash) {
    const [a, b] = wordsOf(recordHash);
    return hashA[slot] === a && hashB[slot] === b;
  },
  meet() {
    const before = ((flags[slot] ?? 0) & MET) !== 0;
    flags[slot] = (flags[slot] ?? 0) | MET;
    return before;
  },
  get met() {
    return ((flags[slot] ?? 0) & MET) !== 0;
  },
});

const fingerprint = (id: string): [number, number] => wordsOf(hash('md5', id));

/** The first 64 bits of a hexadecimal text. */
const wordsOf = (hex: string): [number, number] => [Number.parseInt(hex.slice(0, 8), 16) || 0, Number.parseInt(hex.slice(8, 16), 16) || 0];

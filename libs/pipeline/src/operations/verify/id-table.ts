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
  /** `undefined` when the id is new (it is in the table now), else what was there. */
  add(id: string, recordHash: string, object: number): IdEntry | undefined;
  find(id: string): IdEntry | undefined;
  /** How many ids of each object were never met. */
  unmet(): ReadonlyMap<number, number>;
}

const MET = 2;
const USED = 1;

export function createIdTable(capacity: number, pass: number, passes: number): IdTable {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
  const [idA, idB, hashA, hashB] = [new Uint32Array(slots), new Uint32Array(slots), new Uint32Array(slots), new Uint32Array(slots)];
  const objects = new Int32Array(slots);
  const flags = new Uint8Array(slots);

  const entryAt = (slot: number): IdEntry => ({
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
  /** The slot of the id, or the free one where it belongs. */
  const slotOf = (a: number, b: number): number => {
    let slot = a & (slots - 1);
    while (flags[slot] !== 0 && !(idA[slot] === a && idB[slot] === b)) slot = (slot + 1) & (slots - 1);
    return slot;
  };

  return {
    takes: (id) => passes === 1 || fingerprint(id)[1] % passes === pass,
    add(id, recordHash, object) {
      const [a, b] = fingerprint(id);
      const slot = slotOf(a, b);
      if (flags[slot] !== 0) return entryAt(slot);
      const [first, second] = wordsOf(recordHash);
      idA[slot] = a;
      idB[slot] = b;
      hashA[slot] = first;
      hashB[slot] = second;
      objects[slot] = object;
      flags[slot] = USED;
      return undefined;
    },
    find(id) {
      const [a, b] = fingerprint(id);
      const slot = slotOf(a, b);
      return flags[slot] === 0 ? undefined : entryAt(slot);
    },
    unmet() {
      const found = new Map<number, number>();
      for (let slot = 0; slot < slots; slot += 1) {
        const object = objects[slot] ?? -1;
        if (flags[slot] === USED && object >= 0) found.set(object, (found.get(object) ?? 0) + 1);
      }
      return found;
    },
  };
}

const fingerprint = (id: string): [number, number] => wordsOf(hash('md5', id));

/** The first 64 bits of a hexadecimal text. */
const wordsOf = (hex: string): [number, number] => [Number.parseInt(hex.slice(0, 8), 16) || 0, Number.parseInt(hex.slice(8, 16), 16) || 0];

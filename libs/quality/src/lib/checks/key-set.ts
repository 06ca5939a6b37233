import { mixed } from '../fields/spread.js';

// A name of its own: in a context of node:vm, where Jest runs specifications, every look-up of a global is a call.
const { imul } = Math;

/** Keys of 64 bits without order, 8 bytes a place, at most three quarters full. */
export interface KeySet {
  size: number;
  /** Pairs of low and high half; both 0 is an empty place. */
  places: Uint32Array;
}

const FIRST_PLACES = 1024;

export const createKeySet = (): KeySet => ({ size: 0, places: new Uint32Array(2 * FIRST_PLACES) });

/** Whether the key was not in it yet. */
export function addKey(set: KeySet, low: number, high: number): boolean {
  if (set.size * 8 >= set.places.length * 3) grow(set);
  const at = placeOf(set.places, low, high);
  if (set.places[at] !== 0 || set.places[at + 1] !== 0) return false;
  set.places[at] = low;
  set.places[at + 1] = high;
  set.size++;
  return true;
}

export function hasKey({ places }: KeySet, low: number, high: number): boolean {
  const at = placeOf(places, low, high);
  return places[at] !== 0 || places[at + 1] !== 0;
}

export function clearKeys(set: KeySet): void {
  set.places.fill(0);
  set.size = 0;
}

function placeOf(places: Uint32Array, low: number, high: number): number {
  const mask = places.length / 2 - 1;
  for (let place = low & mask; ; place = (place + 1) & mask) {
    const at = 2 * place;
    const [here, above] = [places[at] as number, places[at + 1] as number];
    if ((here === low && above === high) || (here === 0 && above === 0)) return at;
  }
}

function grow(set: KeySet): void {
  const old = set.places;
  set.places = new Uint32Array(old.length * 2);
  for (let n = 0; n < old.length; n += 2) {
    const [low, high] = [old[n] as number, old[n + 1] as number];
    if (low === 0 && high === 0) continue;
    const at = placeOf(set.places, low, high);
    set.places[at] = low;
    set.places[at + 1] = high;
  }
}

/** 64 bits of bytes, fed in parts; never both 0. */
export interface KeyHash {
  low: number;
  high: number;
}

export function startKey(key: KeyHash): void {
  key.low = 0x9e3779b9 | 0;
  key.high = 0x7f4a7c15;
}

/** Two lanes with other multipliers, whose high bits come down at every byte. A part ends with its length, so that `a|bc` is not `ab|c`. */
export function feedKey(key: KeyHash, bytes: Uint8Array, start: number, end: number): void {
  let { low, high } = key;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    low = imul(low ^ byte, 0x85ebca6b);
    low ^= low >>> 15;
    high = imul(high ^ byte, 0xc2b2ae35);
    high ^= high >>> 13;
  }
  key.low = imul(low ^ (end - start), 0x27d4eb2f);
  key.high = imul(high ^ (end - start), 0x165667b1) ^ (key.low >>> 16);
}

export function endKey(key: KeyHash): void {
  key.high = mixed(key.high ^ ((key.low << 15) | (key.low >>> 17))) >>> 0;
  key.low = mixed(key.low ^ imul(key.high, 0x9e3779b1)) >>> 0;
  if (key.low === 0 && key.high === 0) key.low = 1;
}

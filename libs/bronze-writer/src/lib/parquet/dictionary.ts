import { checkBytes, reserveValue, type ColumnData } from './column-data.js';
import { getUint32, setUint32 } from './bytes.js';

/** Distinct values in the order in which they came, and for each value of the column its number among them. */
export interface Dictionary {
  /** Open addressing: number of the value + 1, or 0 for none. */
  slots: Int32Array;
  /** Where each distinct value begins in `ColumnData.bytes`; the next one begins where it ends. */
  starts: Uint32Array;
  indices: Uint32Array;
  distinct: number;
  /** Number of values at which the share of distinct ones is looked at next. */
  nextCheck: number;
}

const FIRST_CHECK = 256;
/** More distinct values than this share make a dictionary that costs more time than it saves bytes. */
const MAX_SHARE = 0.5;
/** As large as a page: a dictionary is one page and is read whole. */
const MAX_BYTES = 1024 * 1024;
const MAX_DISTINCT = 1 << 17;
const FIRST_SLOTS = 512;

export const createDictionary = (): Dictionary => ({
  slots: new Int32Array(FIRST_SLOTS),
  starts: new Uint32Array(FIRST_SLOTS),
  indices: new Uint32Array(FIRST_CHECK),
  distinct: 0,
  nextCheck: FIRST_CHECK,
});

export function resetDictionary(dictionary: Dictionary): void {
  dictionary.slots.fill(0);
  dictionary.distinct = 0;
  dictionary.nextCheck = FIRST_CHECK;
}

/** Gives the last value of a column of fixed width its number; a value that is there already is taken off the end again. */
export function intern(data: ColumnData, dictionary: Dictionary, start: number): void {
  const number = find(data, dictionary, start);
  if (number < dictionary.distinct) data.length = start;
  else addEntry(data, dictionary, start);
  addIndex(data, dictionary, number);
}

/** Appends a text as a value, or only its number when it is there already. */
export function internText(data: ColumnData, dictionary: Dictionary, bytes: Uint8Array, from: number, to: number): void {
  const number = findText(data, dictionary, bytes, from, to);
  if (number === dictionary.distinct) {
    const start = data.length;
    writeText(data, bytes, from, to);
    addEntry(data, dictionary, start);
  }
  data.values++;
  data.plainLength += to - from + 4;
  addIndex(data, dictionary, number);
}

/** Writes a text behind its length at the end of the column. */
export function writeText(data: ColumnData, bytes: Uint8Array, from: number, to: number): void {
  const length = to - from;
  reserveValue(data, length + 4);
  const target = data.bytes;
  const start = data.length;
  setUint32(target, start, length);
  // A call costs more than copying a short text.
  if (length > 64) target.set(bytes.subarray(from, to), start + 4);
  else for (let n = 0; n < length; n++) target[start + 4 + n] = bytes[from + n] ?? 0;
  data.length = start + 4 + length;
}

/** Of the last value. Gives the dictionary up when it doesn't pay. */
function addIndex(data: ColumnData, dictionary: Dictionary, number: number): void {
  const at = data.values - 1;
  if (at === dictionary.indices.length) dictionary.indices = enlargedIndices(dictionary.indices);
  dictionary.indices[at] = number;
  if (data.values !== dictionary.nextCheck) return;
  dictionary.nextCheck *= 2;
  if (dictionary.distinct > data.values * MAX_SHARE || tooLarge(data, dictionary)) expand(data, dictionary);
}

function addEntry(data: ColumnData, dictionary: Dictionary, start: number): void {
  if (dictionary.distinct + 1 >= dictionary.starts.length) dictionary.starts = enlargedIndices(dictionary.starts);
  dictionary.starts[dictionary.distinct++] = start;
  if (dictionary.distinct * 2 > dictionary.slots.length) enlargeSlots(data, dictionary);
  if (tooLarge(data, dictionary)) dictionary.nextCheck = data.values;
}

/** Whether the dictionary has grown beyond what a page should hold. */
const tooLarge = (data: ColumnData, { distinct }: Dictionary): boolean => data.length > MAX_BYTES || distinct > MAX_DISTINCT;

/** The number of an equal value, or the number that the new one will have, with its slot taken. */
function find(data: ColumnData, dictionary: Dictionary, start: number): number {
  const { slots, starts, distinct } = dictionary;
  const mask = slots.length - 1;
  for (let slot = hashAt(data, start) & mask; ; slot = (slot + 1) & mask) {
    const taken = slots[slot] ?? 0;
    if (taken === 0) {
      slots[slot] = distinct + 1;
      return distinct;
    }
    if (equal(data, starts[taken - 1] ?? 0, start)) return taken - 1;
  }
}

/** The same for a text that is not in the column. */
function findText(data: ColumnData, dictionary: Dictionary, bytes: Uint8Array, from: number, to: number): number {
  const { slots, starts, distinct } = dictionary;
  const mask = slots.length - 1;
  for (let slot = hashOf(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
    const taken = slots[slot] ?? 0;
    if (taken === 0) {
      slots[slot] = distinct + 1;
      return distinct;
    }
    const entry = starts[taken - 1] ?? 0;
    const end = taken === distinct ? data.length : (starts[taken] ?? 0);
    if (end - entry === to - from + 4 && sameBytes(data.bytes, entry + 4, bytes, from, to - from)) return taken - 1;
  }
}

/** Of values of fixed width. */
function equal({ width, int32, bytes }: ColumnData, entry: number, start: number): boolean {
  if (width === 8) return int32[entry >> 2] === int32[start >> 2] && int32[(entry >> 2) + 1] === int32[(start >> 2) + 1];
  return sameBytes(bytes, entry, bytes, start, width);
}

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let n = 0; n < length; n++) if (a[aStart + n] !== b[bStart + n]) return false;
  return true;
}

/** Of the stored value that begins at `start`; of a text without its length. */
function hashAt({ width, int32, bytes }: ColumnData, start: number): number {
  if (width === 8) return spread(Math.imul((int32[start >> 2] ?? 0) ^ Math.imul(int32[(start >> 2) + 1] ?? 0, 0x9e3779b1), 0x85ebca6b));
  return width > 0 ? hashOf(bytes, start, start + width) : hashOf(bytes, start + 4, start + 4 + getUint32(bytes, start));
}

/** Four bytes a step: a step waits for the one before it. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 3 < end; at += 4) {
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return spread(hash);
}

const spread = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 7;

function enlargeSlots(data: ColumnData, dictionary: Dictionary): void {
  dictionary.slots = new Int32Array(dictionary.slots.length * 4);
  const mask = dictionary.slots.length - 1;
  for (let number = 0; number < dictionary.distinct; number++) {
    let slot = hashAt(data, dictionary.starts[number] ?? 0) & mask;
    while (dictionary.slots[slot] !== 0) slot = (slot + 1) & mask;
    dictionary.slots[slot] = number + 1;
  }
}

function enlargedIndices(indices: Uint32Array): Uint32Array {
  const larger = new Uint32Array(indices.length * 2);
  larger.set(indices);
  return larger;
}

/** Without the dictionary: every value in its place, PLAIN. In the memory of the column, which has been as large before: the distinct values are what is copied. */
export function expand(data: ColumnData, { starts, indices, distinct }: Dictionary): void {
  checkBytes(data.plainLength);
  const from = data.bytes.slice(0, data.length);
  data.length = 0;
  reserveValue(data, data.plainLength);
  const to = data.bytes;
  let length = 0;
  for (let n = 0; n < data.values; n++) {
    const number = indices[n] ?? 0;
    const end = number + 1 < distinct ? (starts[number + 1] ?? 0) : from.length;
    for (let at = starts[number] ?? 0; at < end; at++) to[length++] = from[at] ?? 0;
  }
  data.length = length;
  data.dictionary = undefined;
}

/** At the end of a row group: whether the distinct values and the numbers are smaller than the values. */
export function pays(data: ColumnData, dictionary: Dictionary, bitsOfIndex: number): boolean {
  return !tooLarge(data, dictionary) && data.length + (data.values * bitsOfIndex) / 8 < data.plainLength;
}

import { NESTED, NUMBER, TRUTH } from '../fields/record-row.js';
import { readNumber, type NumberReading } from '../fields/number-text.js';
import { readTime, type TimeReading } from '../fields/time-text.js';
import { addDistinct, createDistinct } from './distinct.js';
import { compareBytes, createExtreme, keptText, updateNumber, updateText, updateTime, type Extreme } from './extremes.js';
import { addQuantile, createQuantiles, type Quantiles } from './quantiles.js';
import type { ValueKind } from './types.js';

export const MOST_SHARES = 24;

/** What is known of a column so far: some 30 KiB, however many rows there are. */
export interface ColumnStats {
  /** `undefined`: as its values come, which `seen` says. */
  readonly kind: ValueKind | undefined;
  /** As `isFixedPoint` says. */
  readonly fixed: boolean;
  /** Bits of the kinds of records' values. */
  seen: number;
  /** Not null. */
  values: number;
  readonly registers: Uint8Array;
  readonly min: Extreme;
  readonly max: Extreme;
  readonly textMin: Extreme;
  readonly textMax: Extreme;
  notFinite: number;
  readonly quantiles: Quantiles;
  readonly lengths: Quantiles;
  shortest: number;
  longest: number;
  /** By hash; `undefined` once there were more than `MOST_SHARES`. */
  shares: Map<number, { readonly value: string; weight: number }> | undefined;
  weight: number;
}

export const createColumnStats = (kind: ValueKind | undefined, fixed = false): ColumnStats => ({
  kind,
  fixed,
  seen: 0,
  values: 0,
  registers: createDistinct(),
  min: createExtreme(),
  max: createExtreme(),
  textMin: createExtreme(),
  textMax: createExtreme(),
  notFinite: 0,
  quantiles: createQuantiles(),
  lengths: createQuantiles(),
  shortest: Infinity,
  longest: 0,
  shares: kind === 'other' ? undefined : new Map(),
  weight: 0,
});

const number: NumberReading = { value: 0, short: true };
const time: TimeReading = { seconds: 0, micros: 0 };

/** A value that is not null, escapes resolved. `recordKind`: of records, else 0. `level`: the row is sampled and stands for 2^level; -1 if not. */
export function addValue(stats: ColumnStats, bytes: Uint8Array, start: number, end: number, hash: number, recordKind: number, level: number): void {
  stats.values++;
  addDistinct(stats.registers, hash);
  if (level >= 0) addShare(stats, bytes, start, end, hash, 2 ** level);
  switch (stats.kind ?? kindOfRecord(stats, recordKind)) {
    case 'number':
      if (recordKind === 0 && level < 0 && stats.fixed && isNumberBetween(stats, bytes, start, end)) return;
      addNumber(stats, bytes, start, end, level);
      break;
    case 'time':
    case 'date':
      if (recordKind === 0 && level < 0 && isBetween(stats, bytes, start, end)) return;
      return addTime(stats, bytes, start, end, level);
    case 'boolean':
      break;
    case 'text':
      updateText(stats.textMin, -1, bytes, start, end);
      updateText(stats.textMax, 1, bytes, start, end);
      return addLength(stats, end - start, level);
    default:
      return addLength(stats, end - start, level);
  }
  // Of a field whose numbers may turn out to stand among texts.
  if (stats.kind === undefined) addLength(stats, end - start, level);
}

function kindOfRecord(stats: ColumnStats, recordKind: number): ValueKind {
  stats.seen |= 1 << recordKind;
  if (recordKind === NUMBER) return 'number';
  if (recordKind === TRUTH) return 'boolean';
  return recordKind === NESTED ? 'other' : 'text';
}

function addNumber(stats: ColumnStats, bytes: Uint8Array, start: number, end: number, level: number): void {
  readNumber(number, bytes, start, end);
  const { value } = number;
  // A decimal of 400 digits is beyond every double: it is compared by its digits, which the word Infinity has not.
  if (value - value !== 0 && (Number.isNaN(value) || !isDigit(bytes[value < 0 ? start + 1 : start]))) {
    stats.notFinite++;
    return;
  }
  updateNumber(stats.min, -1, number, bytes, start, end);
  updateNumber(stats.max, 1, number, bytes, start, end);
  if (level >= 0) addQuantile(stats.quantiles, asFinite(value), level);
}

/** JSON has no infinities. */
export const asFinite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));

/** Whether a number changes neither extreme, by its bytes alone: most are sorted out so, for a fraction of what reading them costs. */
function isNumberBetween({ min, max }: ColumnStats, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (max.length < length || !isDigit(bytes[start]) || !isDigit(max.bytes[0])) return false;
  if (max.length === length && compareBytes(max, bytes, start, end) < 0) return false;
  if (!isDigit(min.bytes[0])) return min.bytes[0] === MINUS;
  return min.length < length || (min.length === length && compareBytes(min, bytes, start, end) <= 0);
}

const MINUS = 0x2d;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * Whether a time of Postgres changes neither extreme, by its bytes alone: with years of four digits, in one zone and not before Christ they are in the order
 * of time. Most values are sorted out so, for a tenth of what reading them costs.
 */
function isBetween({ min, max }: ColumnStats, bytes: Uint8Array, start: number, end: number): boolean {
  if (!isPlainTime(bytes, start, end) || !isPlainTime(min.bytes, 0, min.length) || !isPlainTime(max.bytes, 0, max.length)) return false;
  return compareBytes(min, bytes, start, end) <= 0 && compareBytes(max, bytes, start, end) >= 0;
}

const isPlainTime = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start >= 10 && bytes[start + 4] === 0x2d && (bytes[start] as number) <= 0x39 && bytes[end - 1] !== 0x43;

function addTime(stats: ColumnStats, bytes: Uint8Array, start: number, end: number, level: number): void {
  readTime(time, bytes, start, end);
  const { seconds, micros } = time;
  if (seconds - seconds !== 0) {
    stats.notFinite++;
    return;
  }
  updateTime(stats.min, -1, time, bytes, start, end);
  updateTime(stats.max, 1, time, bytes, start, end);
  if (level >= 0) addQuantile(stats.quantiles, seconds + micros / 1_000_000, level);
}

function addLength(stats: ColumnStats, length: number, level: number): void {
  if (length < stats.shortest) stats.shortest = length;
  if (length > stats.longest) stats.longest = length;
  if (level >= 0) addQuantile(stats.lengths, length, level);
}

function addShare(stats: ColumnStats, bytes: Uint8Array, start: number, end: number, hash: number, weight: number): void {
  stats.weight += weight;
  const { shares } = stats;
  if (shares === undefined) return;
  const known = shares.get(hash);
  if (known !== undefined) known.weight += weight;
  else if (shares.size < MOST_SHARES) shares.set(hash, { value: keptText(bytes, start, end), weight });
  else stats.shares = undefined;
}

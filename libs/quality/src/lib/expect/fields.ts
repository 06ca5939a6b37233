import { parseDecimal } from '../fields/number-text.js';
import { clockSeconds, readTime } from '../fields/time-text.js';
import { createMatcher, PatternError } from './pattern.js';

/** What is wrong with a field's value, to be put behind its name: `is "halt"; use warn or stop`. `undefined`: nothing. */
export type FieldRule = (value: unknown) => string | undefined;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

export const name: FieldRule = (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : `is ${shown(value)}; give a name`);

export const names: FieldRule = (value) => {
  if (!Array.isArray(value) || value.length === 0) return `is ${shown(value)}; give a list of column names such as [id]`;
  const wrong = value.find((item) => name(item) !== undefined);
  if (wrong !== undefined || value.includes(undefined)) return `has ${shown(wrong)}; every one is a column's name`;
  return new Set(value).size < value.length ? 'names a column twice' : undefined;
};

export const oneOf =
  (...allowed: readonly string[]): FieldRule =>
  (value) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : `is ${shown(value)}; use ${listed(allowed)}`;

export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`;

export const numberAbove =
  (least: number, most: number): FieldRule =>
  (value) =>
    typeof value === 'number' && value > least && value <= most ? undefined : `is ${shown(value)}; give a number above ${least}, at most ${most}`;

export const percent = (most: number): FieldRule => {
  return (value) => (typeof value === 'number' && value >= 0 && value <= most ? undefined : `is ${shown(value)}; give percent, 0 to ${most}`);
};

/** Numbers of more digits have been rounded when the file was read. */
function isRounded(value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (Number.isInteger(value)) return !Number.isSafeInteger(value);
  return (
    String(value)
      .replace(/e.*$|\D/g, '')
      .replace(/^0+/, '').length > 15
  );
}

const AS_TEXT = 'write numbers of more than 15 digits as texts, "12345678901234567", which are exact';

export const bound: FieldRule = (value) => {
  if (isRounded(value)) return `is ${shown(value)}; ${AS_TEXT}`;
  return boundKind(value) === undefined
    ? `is ${shown(value)}; give a number, a date such as "2026-03-01", a time such as "2026-03-01T02:00:00Z" or a time of day such as "18:30"`
    : undefined;
};

export type BoundKind = 'number' | 'time' | 'clock';

/** What a bound of a range compares. */
export function boundKind(value: unknown): BoundKind | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : undefined;
  if (typeof value !== 'string' || value.length > 1_000) return undefined;
  if (parseDecimal(value) !== undefined) return 'number';
  const bytes = Buffer.from(value);
  const reading = { seconds: 0, micros: 0 };
  readTime(reading, bytes, 0, bytes.length);
  if (Number.isFinite(reading.seconds)) return 'time';
  return /^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(value) && clockSeconds(bytes, 0, bytes.length) >= 0 ? 'clock' : undefined;
}

export const pattern: FieldRule = (value) => {
  if (typeof value !== 'string' || value === '') return `is ${shown(value)}; give a regular expression`;
  if (value.length > 1_000) return 'is longer than 1,000 characters';
  try {
    createMatcher(value);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
};

const MOST_ALLOWED = 10_000;

export const values: FieldRule = (value) => {
  if (!Array.isArray(value) || value.length === 0) return `is ${shown(value)}; give a list of values such as [paid, shipped]`;
  if (value.length > MOST_ALLOWED) return `has ${value.length} values; at most ${MOST_ALLOWED}, or use a reference to another entity`;
  const rounded: unknown = value.find(isRounded);
  if (rounded !== undefined) return `has ${shown(rounded)}; ${AS_TEXT}`;
  const wrong = value.findIndex((item) => typeof item !== 'string' && typeof item !== 'boolean' && !Number.isFinite(item));
  return wrong < 0 ? undefined : `has ${shown(value[wrong])}; use texts, numbers, true and false (nulls are the matter of not_null)`;
};

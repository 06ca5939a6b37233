import type { Reason } from '../types.js';
import { isFilledText } from '../validation/formats.js';
import { kindOf } from '../validation/kind-of.js';

/** A JSON object whose fields are not known yet. */
export type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = Object.freeze({});

// Every reader takes the reasons found so far, the path and the value. Absent is null; what can't be understood adds a reason and is null as well,
// so that one look at a record finds all that is wrong with it.

function wrong(reasons: Reason[], path: string, value: unknown, expected: string): null {
  reasons.push({ path, message: `must be ${expected}, is ${kindOf(value)}` });
  return null;
}

/** An object; absent reads as an empty one, so that its fields read as absent. */
export function readObject(reasons: Reason[], path: string, value: unknown): Json {
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Json;
  wrong(reasons, path, value, 'an object');
  return NOTHING;
}

/** A list as it stands; null when absent. */
export function readList(reasons: Reason[], path: string, value: unknown): unknown[] | null {
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value : wrong(reasons, path, value, 'a list');
}

/** A text as it stands; a blank one is no text. */
export function readText(reasons: Reason[], path: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return wrong(reasons, path, value, 'a text');
  return isFilledText(value) ? value : null;
}

/** A number, 0 included. */
export function readNumber(reasons: Reason[], path: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? value : wrong(reasons, path, value, 'a number');
}

/** A yes; absent is a no. */
export function readFlag(reasons: Reason[], path: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  wrong(reasons, path, value, 'true or false');
  return false;
}

/** Yes or no; null when the source does not say. */
export function readYesNo(reasons: Reason[], path: string, value: unknown): boolean | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'boolean' ? value : wrong(reasons, path, value, 'true or false');
}

/** A list of texts, without the entries that are null or blank; null when absent. */
export function readTexts(reasons: Reason[], path: string, value: unknown): string[] | null {
  const entries = readList(reasons, path, value);
  return entries === null ? null : entries.map((entry, index) => readText(reasons, `${path}[${index}]`, entry)).filter((entry) => entry !== null);
}

/** The entries of a list that are there, as objects; null when there is no list. The index in the path is the source's. */
export function readObjects<T>(reasons: Reason[], path: string, value: unknown, read: (json: Json, path: string) => T): T[] | null {
  const entries = readList(reasons, path, value);
  if (entries === null) return null;
  const results: T[] = [];
  for (let index = 0; index < entries.length; index += 1) {
    if (entries[index] === null) continue;
    const own = `${path}[${index}]`;
    results.push(read(readObject(reasons, own, entries[index]), own));
  }
  return results;
}

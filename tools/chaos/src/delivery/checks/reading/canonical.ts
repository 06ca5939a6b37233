import { createHash } from 'node:crypto';

/** A JSON value as it was stored: nothing is known of it. */
export type Value = null | boolean | number | string | readonly Value[] | Fields;
export type Fields = { readonly [name: string]: Value | undefined };

export const md5 = (content: string | Uint8Array): string => createHash('md5').update(content).digest('hex');

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that a delivery adds to a record; whatever begins with `_` is of this kind too. */
const ADDED = ['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of'];

/** The record without what a delivery adds to it. */
export const bare = (record: Fields): Fields =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !ADDED.includes(name) && name[0] !== '_'));

/** Keys by UTF-16 unit at every depth, no white space, everything else as JSON.stringify prints it. */
export function canonical(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isFields(value)) return JSON.stringify(value ?? null);
  const names = Object.keys(value).sort((one, other) => (one < other ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** What `record_hash` has to be. */
export const hashOf = (record: Fields): string => md5(canonical(bare(record)));

/** The JSON object that a text is, if it is one. */
export function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // whoever asks says what it was to be
  }
}

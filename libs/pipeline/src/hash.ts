import { hash } from 'node:crypto';
import type { Json } from './ports/json.js';

/** Columns that describe a delivery and not the record: they never enter the hash. */
const DELIVERY_COLUMNS = new Set(['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of']);

/**
 * The canonical JSON of a record from a JSON source: keys sorted by UTF-16 unit at every depth, nulls kept, numbers and booleans as
 * ECMAScript prints them, no white space; top-level delivery columns and columns that start with `_` left out.
 */
export function canonicalJson(record: { readonly [key: string]: Json }): string {
  const kept: Record<string, Json> = {};
  for (const key of Object.keys(record)) if (!DELIVERY_COLUMNS.has(key) && !key.startsWith('_')) kept[key] = record[key] ?? null;
  return canonical(kept);
}

function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** MD5 of the canonical JSON (UTF-8), lower-case hex: detects change, protects nothing. */
export function recordHash(record: { readonly [key: string]: Json }): string {
  return hash('md5', canonicalJson(record));
}

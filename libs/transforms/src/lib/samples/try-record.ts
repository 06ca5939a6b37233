import { normalizerFor } from '../transform-for.js';
import type { DataType, Reason } from '../types.js';
import { SOURCE_FIELDS } from './source-fields.js';

/** A value of the source's record, and where it stands there. */
export interface Before {
  readonly path: string;
  readonly value: unknown;
}

/** One field of a normalized record, and what it was made of; `before` has only what is there. */
export interface FieldChange {
  readonly field: string;
  readonly before: readonly Before[];
  readonly after: unknown;
}

/** What a transform makes of one record: its fields, or the reasons why there are none. */
export type Trial =
  | { readonly ok: true; readonly id: string; readonly fields: readonly FieldChange[] }
  | { readonly ok: false; readonly rejections: readonly (Reason & { readonly value: unknown })[] };

/** Runs the transform of a data type over one record of a source. A rejection names its path and the value there. Never throws, whatever JSON it is given. */
export function tryRecord(dataType: DataType, raw: unknown): Trial {
  const normalized = normalizerFor(dataType)(raw);
  if (!normalized.ok)
    return { ok: false, rejections: normalized.reasons.map((reason) => ({ ...reason, value: rejectedValue(dataType, raw, reason) })) };
  const sources: Readonly<Record<string, readonly string[]>> = SOURCE_FIELDS[dataType];
  const fields = Object.entries(normalized.record).map(([field, after]) => ({ field, before: beforeOf(raw, sources[field] ?? []), after }));
  return { ok: true, id: normalized.id, fields };
}

/** The values at the paths; a list is one value, as it stands. */
function beforeOf(raw: unknown, paths: readonly string[]): Before[] {
  const whole = new Set(paths.map((path) => path.replace(/(?:\.\*)?\[\].*$/, '')));
  return [...whole].map((path) => ({ path, value: valueAt(raw, path) })).filter(({ value }) => value !== undefined);
}

// A record that doesn't fit its class is rejected by the name of the record's field, not of the source's: the value is then that of its source field.
function rejectedValue(dataType: DataType, raw: unknown, { path }: Reason): unknown {
  const sources: Readonly<Record<string, readonly string[]>> = SOURCE_FIELDS[dataType];
  const field = Object.hasOwn(sources, path) ? sources[path]?.[0] : undefined;
  const found = valueAt(raw, path);
  return found === undefined && field !== undefined ? valueAt(raw, field) : found;
}

/** The value at a path such as `priceRanges[0].min`; undefined where there is none. */
export function valueAt(raw: unknown, path: string): unknown {
  let value = raw;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

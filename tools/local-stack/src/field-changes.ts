import type { Json, JsonObject } from '@loadin/pipeline';

export interface FieldChange {
  /** The names and indexes that lead to the value: `price_ranges.0.min`. */
  readonly path: string;
  /** `undefined`: the field was not there. */
  readonly before: Json | undefined;
  /** `undefined`: the field is gone. */
  readonly after: Json | undefined;
}

/** The innermost values that differ between two versions of a record, in the order of the later one. */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChange[] {
  return differences('', before, after);
}

function differences(path: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (!isNested(before) || !isNested(after) || Array.isArray(before) !== Array.isArray(after))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  const [older, newer] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...newer.keys(), ...older.keys()]);
  return [...names].flatMap((name) => differences(path === '' ? name : `${path}.${name}`, older.get(name), newer.get(name)));
}

const isNested = (value: Json | undefined): value is JsonObject | readonly Json[] => typeof value === 'object' && value !== null;

/** A line for each, `status  "onsale" → "cancelled"`. */
export function fieldChangeLines(changes: readonly FieldChange[]): string[] {
  const width = Math.max(...changes.map(({ path }) => path.length));
  const text = (value: Json | undefined): string => (value === undefined ? 'not there' : JSON.stringify(value));
  return changes.map(({ path, before, after }) => `${path.padEnd(width)}  ${text(before)} → ${text(after)}`);
}

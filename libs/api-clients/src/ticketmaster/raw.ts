import type { Json, JsonObject } from '@loadin/pipeline';

/*
 * Looking into raw records before they are landed. Whatever shape one has, it has to reach the transform, which says what is wrong with
 * it: nothing here throws, and what isn't as promised counts as missing.
 */

/** What lies at a path; `undefined` where the record has another shape. */
export function at(raw: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value = raw;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

/** Text that isn't empty. */
export function textAt(raw: Json | undefined, ...path: readonly string[]): string | undefined {
  const value = at(raw, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The entries of a list; none when there is no list. */
export function listAt(raw: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const value = at(raw, ...path);
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The source's id. */
export const idOf = (raw: Json): string | undefined => textAt(raw, 'id');
/** Of an event. */
export const venuesOf = (event: Json): readonly Json[] => listAt(event, '_embedded', 'venues');
/** Of a venue. */
export const countryOf = (venue: Json): string | undefined => textAt(venue, 'country', 'countryCode');
export const stateOf = (venue: Json): string | undefined => textAt(venue, 'state', 'stateCode');

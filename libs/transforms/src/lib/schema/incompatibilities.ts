import type { Reason } from '../types.js';
import type { JsonSchema } from './json-schema.js';

/**
 * Where a newer schema breaks with an older one, each with the field's path; none when it differs by addition alone. Allowed are new optional fields,
 * further words of an `enum`, wider bounds of numbers, and other descriptions. Whoever wrote records by the old schema finds them valid by the new one, and
 * whoever reads a field finds the type and the text format in it that were there before.
 */
export function incompatibilities(older: JsonSchema, newer: JsonSchema, path = ''): Reason[] {
  const at = (message: string): Reason[] => [{ path, message }];
  const before = typesOf(older);
  const now = typesOf(newer);
  if (before.join() !== now.join()) return at(`was ${typeText(before)}, is ${typeText(now)}`);
  return [
    ...changedWords(older, newer).flatMap(at),
    ...changedBounds(older, newer).flatMap(at),
    ...UNCHANGED.filter((keyword) => older[keyword] !== newer[keyword]).flatMap((keyword) => at(changeOf(keyword, older[keyword], newer[keyword]))),
    ...unknownKeywords(older, newer).flatMap(at),
    ...changedItems(older, newer, path),
    ...changedFields(older, newer, path),
  ];
}

const typesOf = ({ type = [] }: JsonSchema): readonly string[] => (typeof type === 'string' ? [type] : [...type].sort());
const typeText = (types: readonly string[]): string => types.join(' or ') || 'anything';

// Nobody can tell from two patterns which of them is the wider one, and a wider text format surprises who reads the field.
const UNCHANGED = ['pattern', 'format'] as const;

const changeOf = (keyword: string, before: unknown, now: unknown): string =>
  `${keyword} was ${JSON.stringify(before) ?? 'absent'}, is ${JSON.stringify(now) ?? 'absent'}`;

function changedWords({ enum: before }: JsonSchema, { enum: now }: JsonSchema): string[] {
  if (before === undefined) return now === undefined ? [] : ['may only be certain words now'];
  if (now === undefined) return ['may be any text now'];
  return before.filter((word) => !now.includes(word)).map((word) => `may no longer be ${JSON.stringify(word)}`);
}

function changedBounds(older: JsonSchema, newer: JsonSchema): string[] {
  const low = (newer.minimum ?? -Infinity) > (older.minimum ?? -Infinity);
  const high = (newer.maximum ?? Infinity) < (older.maximum ?? Infinity);
  return [...(low ? [changeOf('minimum', older.minimum, newer.minimum)] : []), ...(high ? [changeOf('maximum', older.maximum, newer.maximum)] : [])];
}

const WORDS = ['$schema', '$id', 'title', 'description'];
const KNOWN = new Set<string>([...WORDS, ...UNCHANGED, 'type', 'enum', 'minimum', 'maximum', 'items', 'properties', 'required']);

/** What this comparison doesn't understand must stay as it was. */
function unknownKeywords(older: object, newer: object): string[] {
  const [before, now] = [older as Record<string, unknown>, newer as Record<string, unknown>];
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((keyword) => !KNOWN.has(keyword));
  return keywords
    .filter((keyword) => JSON.stringify(before[keyword]) !== JSON.stringify(now[keyword]))
    .map((keyword) => changeOf(keyword, before[keyword], now[keyword]));
}

function changedItems({ items: before }: JsonSchema, { items: now }: JsonSchema, path: string): Reason[] {
  if (before === undefined || now === undefined) return before === now ? [] : [{ path, message: changeOf('items', before, now) }];
  return incompatibilities(before, now, `${path}[]`);
}

function changedFields(older: JsonSchema, newer: JsonSchema, path: string): Reason[] {
  const { properties: before = {}, required: wasRequired = [] } = older;
  const { properties: now = {}, required = [] } = newer;
  const own = (field: string): string => (path === '' ? field : `${path}.${field}`);
  const has = (fields: object, field: string): boolean => Object.hasOwn(fields, field);
  return [
    ...Object.entries(before).flatMap(([field, schema]) => {
      const other = has(now, field) ? now[field] : undefined;
      return other === undefined ? [{ path: own(field), message: 'was removed' }] : incompatibilities(schema, other, own(field));
    }),
    ...required.filter((field) => !wasRequired.includes(field)).map((field) => ({ path: own(field), message: 'is required now' })),
    ...wasRequired
      .filter((field) => has(now, field) && !required.includes(field))
      .map((field) => ({ path: own(field), message: 'was always there, and is optional now' })),
  ];
}

import { under, type Shape } from './shape.fixture.js';

/** Two bodies of one shape that have every field that is typed, and differ in each. */
export type Variant = 'a' | 'b';

type Make = (variant: Variant, index: number) => unknown;

const pick =
  (a: unknown, b: unknown): Make =>
  (variant) =>
    variant === 'a' ? a : b;
const instant = (day: number): Make => pick(`2026-05-0${day}T19:30:00Z`, `2026-06-1${day}T18:15:00Z`);
const base62 = (text: string): string => text.padEnd(22, '0');

/** Fields that can't hold just any value of their kind, by the end of their path; the first that fits counts. */
const formats: readonly (readonly [RegExp, Make])[] = [
  // Two links to one artist, then to two.
  [/(^|\.)externalLinks\.\*\[\]\.url$/, (variant, index) => `https://open.spotify.com/artist/${base62(variant === 'a' ? 'a' : `b${index}`)}`],
  [/(^|\.)(startDateTime)$/, instant(1)],
  [/(^|\.)(dateTime|endDateTime)$/, instant(3)],
  [/(^|\.)localDate$/, pick('2026-05-03', '2026-06-14')],
  [/(^|\.)localTime$/, pick('19:30:00', '18:15:00')],
  [/(^|\.)timezone$/, pick('America/New_York', 'Europe/Stockholm')],
  [/(^|\.)(latitude|longitude)$/, (variant, index) => (variant === 'a' ? `4${index}.25` : `-3${index}.5`)],
  [/(^|\.)countryCode$/, pick('US', 'SE')],
  [/(^|\.)currency$/, pick('USD', 'SEK')],
  [/(^|\.)status\.code$/, pick('onsale', 'postponed')],
  [/(^|\.)release_date$/, pick('2024-02-09', '2025-03-10')],
  [/(^|\.)isrc$/, pick('GBAYE0601477', 'USRC17607839')],
  [/(^|\.)(available_markets|genres)\[\]$/, (variant, index) => `${variant === 'a' ? 'G' : 'S'}${'BEUSFIDK'.charAt(index % 8)}`],
  // Of two classifications the second is the primary one, then both are; of two images the second is the widest, then the first.
  [/(^|\.)primary$/, (variant, index) => variant === 'b' || index === 1],
  [/(^|\.)images\[\]\.width$/, (variant, index) => (variant === 'a' ? 100 * (index + 1) : 900 - index)],
  [/(^|\.)images\[\]\.ratio$/, (variant, index) => (variant === 'a' ? ['16_9', '3_2'] : ['3_2', '16_9'])[index % 2]],
  [/(^|\.)popularity$/, pick(41, 57)],
];

/** The value of a field that holds no further fields. */
export function valueOf(path: string, shape: Shape, variant: Variant, index: number): unknown {
  const [, make] = formats.find(([pattern]) => pattern.test(path)) ?? [];
  if (make !== undefined) return make(variant, index);
  if (shape.words) return shape.words[variant === 'a' ? 0 : shape.words.length - 1];
  if (shape.kinds.has('string')) return `${path.replace(/[^A-Za-z_]/g, '')}-${variant}${index}`;
  if (shape.kinds.has('number')) return (variant === 'a' ? 10 : 20) + index;
  return variant === 'b';
}

/** A body with two of everything that is a list. */
export function sampleOf(shape: Shape, variant: Variant, path = '', index = 0): unknown {
  const { items, values, fields } = shape;
  if (items !== undefined) return [0, 1].map((own) => sampleOf(items, variant, `${path}[]`, own));
  if (values !== undefined) return { [keyOf(path)]: sampleOf(values, variant, under(path, '*'), index) };
  if (fields.size === 0) return valueOf(path, shape, variant, index);
  return Object.fromEntries([...fields].map(([field, own]) => [field, sampleOf(own, variant, under(path, field), index)]));
}

const keyOf = (path: string): string => (path.endsWith('externalLinks') ? 'spotify' : '_total');

/** Another value of the same kind in every place that a path leads to; undefined when it leads nowhere, or to nothing but nulls. */
export function changedAt(shape: Shape, body: unknown, path: string): unknown {
  const places = { count: 0 };
  const changed = replaced(shape, body, path.split(/\.|(?=\[\])/), path, 0, places);
  return places.count === 0 ? undefined : changed;
}

function replaced(shape: Shape, value: unknown, steps: readonly string[], path: string, index: number, places: { count: number }): unknown {
  const [step, ...rest] = steps;
  if (value === null || value === undefined) return value;
  if (step === undefined) {
    const other = anotherValue(path, shape, value, index);
    if (other !== value) places.count += 1;
    return other;
  }
  const { items, values } = shape;
  if (step === '[]' && items !== undefined && Array.isArray(value)) return value.map((own, at) => replaced(items, own, rest, path, at, places));
  if (typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([field, own]) => {
    const inner = step === '*' ? values : field === step ? shape.fields.get(field) : undefined;
    return [field, inner === undefined ? own : replaced(inner, own, rest, path, index, places)];
  });
  return Object.fromEntries(fields);
}

function anotherValue(path: string, shape: Shape, value: unknown, index: number): unknown {
  if (shape.words && shape.words.length < 2) return value;
  const [first, second] = (['b', 'a'] as const).map((variant) => valueOf(path, shape, variant, index));
  return first === value ? second : first;
}

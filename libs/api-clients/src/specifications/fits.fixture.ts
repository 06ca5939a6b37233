import { kindOf, under, type Shape } from './shape.fixture.js';

/** Every place where a value is not what a shape says, with what is wrong there; none when it fits. Fields the shape doesn't know count too. */
export function misfits(shape: Shape, value: unknown, path = ''): string[] {
  if (shape.kinds.size === 0) return []; // anything
  const kind = kindOf(value);
  if (kind === 'null') return shape.nullable ? [] : [`${path}: null`];
  if (!shape.kinds.has(kind)) return [`${path}: ${kind}`];
  if (shape.words && !shape.words.includes(value as string)) return [`${path}: ${JSON.stringify(value)}`];
  if (kind === 'array') return (value as unknown[]).flatMap((item) => (shape.items ? misfits(shape.items, item, `${path}[]`) : []));
  if (kind !== 'object') return [];
  const object = value as Record<string, unknown>;
  const { values } = shape;
  if (values !== undefined) return Object.values(object).flatMap((own) => misfits(values, own, under(path, '*')));
  const missing = [...shape.fields]
    .filter(([field, { optional }]) => !optional && !(field in object))
    .map(([field]) => `${under(path, field)}: missing`);
  const wrong = Object.entries(object).flatMap(([field, own]) => {
    const known = shape.fields.get(field);
    return known === undefined ? [`${under(path, field)}: not typed`] : misfits(known, own, under(path, field));
  });
  return [...missing, ...wrong];
}

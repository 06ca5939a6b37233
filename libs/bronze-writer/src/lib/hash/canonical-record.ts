import { canonicalJson, type Json, type JsonObject } from '@loadin/pipeline';

/** Whether a column is part of the record and not of its delivery. Asked of the one definition, in the pipeline. */
export const isHashed = (name: string): boolean => canonicalJson({ [name]: null }) !== '{}';

/** The keys of records that look alike, in the source's order, and what their canonical JSON looks like. */
interface Shape {
  readonly keys: readonly string[];
  readonly members: readonly Member[];
}
interface Member {
  readonly key: string;
  /** `{"a":` or `,"b":` */
  readonly before: string;
}

function shapeOf(keys: readonly string[]): Shape {
  const sorted = keys.filter(isHashed).sort();
  return { keys, members: sorted.map((key, n) => ({ key, before: `${n === 0 ? '{' : ','}${JSON.stringify(key)}:` })) };
}

/** Of keys in the same order. */
export function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

/**
 * The canonical JSON of the pipeline, quicker for records that come one after the other with the same keys: their order is found once. Keep one for each
 * entity.
 */
export function canonicalRecords(): (record: JsonObject) => string {
  let shape = shapeOf([]);
  return (record) => {
    const keys = Object.keys(record);
    if (!sameKeys(keys, shape.keys)) shape = shapeOf(keys);
    const { members } = shape;
    if (members.length === 0) return '{}';
    let json = '';
    for (const { key, before } of members) json += before + member(record[key] ?? null);
    return `${json}}`;
  };
}

/** Texts that JSON has as they are; asking costs half of what escaping does. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;

function member(value: Json): string {
  if (typeof value === 'string') return PLAIN_TEXT.test(value) ? `"${value}"` : JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // What is nested: the pipeline sorts it. A key of its own would be looked at for delivery columns.
  return canonicalJson({ n: value }).slice('{"n":'.length, -1);
}

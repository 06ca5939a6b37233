import type { Json } from '@loadin/pipeline';
import type { ColumnType, ScalarType } from './column-type.js';
import { widen } from './widen.js';

/**
 * The type that a JSON value shows by itself; `undefined` for null, which shows none. Texts are not searched for dates: declare those columns. Objects and
 * arrays of arrays or objects are text (their JSON); an empty array is a list of strings.
 */
export function jsonType(value: Json): ColumnType | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return listType(value as readonly Json[]);
  return scalarType(value as boolean | number | string | object);
}

function scalarType(value: boolean | number | string | object): ScalarType {
  if (typeof value === 'boolean') return { kind: 'boolean' };
  // −0 is a whole number to Number.isSafeInteger; only a double keeps its sign.
  if (typeof value === 'number') return { kind: Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'double' };
  return { kind: 'string' };
}

function listType(values: readonly Json[]): ColumnType {
  let element: ScalarType | undefined;
  for (const value of values) {
    if (value === null) continue;
    if (typeof value === 'object') return { kind: 'string' };
    const type = scalarType(value as boolean | number | string);
    element = element === undefined ? type : (widen(element, type) as ScalarType);
  }
  return { kind: 'list', element: element ?? { kind: 'string' } };
}

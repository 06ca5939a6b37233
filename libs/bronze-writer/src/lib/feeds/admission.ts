import type { Json } from '@loadin/pipeline';
import { createColumnData, resetColumnData, type ColumnData } from '../parquet/column-data.js';
import type { ColumnType } from '../schema/column-type.js';
import type { Contract } from '../schema/contract.js';
import { jsonType } from '../schema/json-type.js';
import { taggedAppender, type AppendTagged } from './tagged-appender.js';

/** Why a record can't be taken as the schema is. */
export interface Refused {
  readonly column: string;
  readonly reason: string;
}

export interface Admission {
  /** Place of a column in the schema, −1 for none. */
  placeOf(name: string): number;
  /**
   * Whether the schema has a place for this value, after it was made wider if the contract is evolve. Throws `FatalError` when it is freeze.
   * @param at where the tagged value begins in `bytes`; not looked at for null
   */
  admit(name: string, place: number, value: Json, bytes: Uint8Array, at: number): Refused | undefined;
}

/** Tries a value on a column's type, without the column. */
interface Probe {
  readonly type: ColumnType;
  readonly data: ColumnData;
  readonly append: AppendTagged;
}

export function createAdmission(contract: Contract): Admission {
  const places = new Map<string, number>();
  const probes: Probe[] = [];

  const probeOf = (place: number, type: ColumnType): Probe => {
    const probe = probes[place];
    if (probe?.type === type) return probe;
    return (probes[place] = { type, data: createColumnData(type, false), append: taggedAppender(type) });
  };
  const fits = (place: number, value: Json, bytes: Uint8Array, at: number): boolean => {
    if (place < 0) return false;
    if (value === null) return true;
    const type = contract.schema.columns[place]?.type;
    if (type === undefined) return false;
    if (fitsAtOnce(type.kind, value)) return true;
    const { data, append } = probeOf(place, type);
    resetColumnData(data, false);
    return append(data, bytes, at);
  };

  return {
    placeOf(name) {
      // Columns are only ever added, behind the others.
      for (let n = places.size; n < contract.schema.columns.length; n++) places.set(contract.schema.columns[n]?.name ?? '', n);
      return places.get(name) ?? -1;
    },
    admit(name, place, value, bytes, at) {
      if (fits(place, value, bytes, at)) return undefined;
      const column = place < 0 ? name : place;
      if (contract.mode === 'freeze') throw contract.refusal(column);
      if (contract.mode === 'quarantine') return { column: name, reason: contract.reason(column) };
      contract.widenTo(name, jsonType(value));
      return undefined;
    },
  };
}

/** The usual cases, without trying. */
function fitsAtOnce(kind: ColumnType['kind'], value: Json): boolean {
  if (kind === 'string') return true;
  if (typeof value === 'boolean') return kind === 'boolean';
  if (typeof value !== 'number') return false;
  return kind === 'double' || ((kind === 'integer' || kind === 'int64') && Number.isSafeInteger(value) && !Object.is(value, -0));
}

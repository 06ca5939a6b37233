import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { sameKeys } from '../hash/canonical-record.js';
import type { QuarantinedRow } from '../load.js';
import { appendByte, newBytes } from '../parquet/bytes.js';
import { noUnicode, type Contract } from '../schema/contract.js';
import { createAdmission, type Refused } from './admission.js';
import { HASH_BYTES, Known } from './object-format.js';
import { inOrder, shapeOf, type Shape } from './shapes.js';
import { Tag, writeTagged } from './tagged-value.js';

export interface RecordRow {
  /** Changes with the next one. */
  readonly bytes: Buffer;
  readonly length: number;
}

export interface RecordRows {
  /**
   * The record in bytes (see `objectFormat`); `undefined` when it was quarantined. Throws `FatalError` when the contract refuses it.
   * @param hash in hexadecimal digits; by default it is made with the row group
   */
  rowOf(record: JsonObject, hash?: string, isDeleted?: boolean): RecordRow | undefined;
  readonly quarantined: number;
}

const MOST_SHAPES = 0xffff;
/** Records of other keys than so many before are written with all keys of the schema, those that they have not as absent. */
const MOST_KINDS = 1_000;

/** Records whose keys are these, in the order in which they came. */
interface Kind {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
  /** Of each, −1 for a column that the schema has not yet. */
  places: readonly number[];
  /** Number of the shape; −1 until all columns have a place. */
  shape: number;
  /** Whether `sorted` has keys that the record may not have. */
  readonly isRare: boolean;
}

/** @param shapes gets what records look like */
export function createRecordRows(contract: Contract, shapes: Shape[], onQuarantined: ((row: QuarantinedRow) => void) | undefined): RecordRows {
  const out = newBytes(4096);
  const kinds = new Map<string, Kind>();
  /** Of shapes, by their keys. */
  const numbers = new Map<string, number>();
  const admission = createAdmission(contract);
  /** Of the last record: the next one's is most often the same. */
  let last: Kind = { keys: [], sorted: [], places: [], shape: -1, isRare: false };
  let quarantined = 0;
  let buffer: Buffer = Buffer.alloc(0);

  const kindOf = (record: JsonObject): Kind => {
    const keys = Object.keys(record);
    if (sameKeys(keys, last.keys)) return last;
    const name = JSON.stringify(keys);
    const known = kinds.get(name);
    if (known !== undefined) return (last = known);
    // Of sources whose keys come and go at will, only so many kinds are kept.
    const isRare = kinds.size >= MOST_KINDS;
    const sorted = inOrder(isRare ? [...new Set([...contract.schema.columns.map((column) => column.name), ...keys])] : keys);
    const kind = { keys, sorted, places: sorted.map(admission.placeOf), shape: -1, isRare };
    if (isRare) return kind;
    kinds.set(name, kind);
    return (last = kind);
  };
  const writeValues = (record: JsonObject, names: readonly string[], places: readonly number[], isRare: boolean): Refused | undefined => {
    for (let n = 0; n < names.length; n++) {
      const name = names[n] ?? '';
      const at = out.length;
      if (isRare && !Object.hasOwn(record, name)) {
        appendByte(out, Tag.ABSENT);
        continue;
      }
      const value = record[name] ?? null;
      if (!writeTagged(out, value)) return { column: name, reason: noUnicode(name) };
      const refused = admission.admit(name, places[n] ?? -1, value, out.bytes, at);
      if (refused !== undefined) return refused;
    }
    return undefined;
  };
  /** Lets the columns of a new kind into the schema in the order of its keys. */
  const admitKind = (record: JsonObject, kind: Kind): Refused | undefined => {
    const refused = writeValues(record, kind.keys, kind.keys.map(admission.placeOf), false);
    kind.places = kind.sorted.map(admission.placeOf);
    return refused;
  };
  /** Now that all its columns have places. */
  const shapeNumber = (kind: Kind): number => {
    if (kind.shape >= 0) return kind.shape;
    const name = JSON.stringify(kind.sorted);
    kind.shape = numbers.get(name) ?? shapes.push(shapeOf(kind.sorted, kind.places)) - 1;
    numbers.set(name, kind.shape);
    if (kind.shape > MOST_SHAPES)
      throw new FatalError(`There are records of more than ${MOST_SHAPES} kinds`, { hint: 'Put values whose keys are data into one object.' });
    return kind.shape;
  };

  return {
    get quarantined() {
      return quarantined;
    },
    rowOf(record, hash, isDeleted = false) {
      const kind = kindOf(record);
      const shapeAt = hash === undefined ? 1 : 1 + HASH_BYTES;
      const values = shapeAt + 2;
      out.length = values;
      let refused = kind.shape < 0 ? admitKind(record, kind) : undefined;
      out.length = values;
      refused ??= writeValues(record, kind.sorted, kind.places, kind.isRare);
      if (refused === undefined) {
        const shape = shapeNumber(kind);
        if (buffer.buffer !== out.bytes.buffer) buffer = Buffer.from(out.bytes.buffer, out.bytes.byteOffset, out.bytes.byteLength);
        out.bytes[0] = (hash === undefined ? 0 : Known.HASH) | (isDeleted ? Known.DELETED : 0);
        if (hash !== undefined) buffer.write(hash, 1, 'latin1');
        out.bytes[shapeAt] = shape;
        out.bytes[shapeAt + 1] = shape >> 8;
        return { bytes: buffer, length: out.length };
      }
      if (onQuarantined === undefined)
        throw new FatalError(refused.reason, { hint: 'Nothing was published. With onQuarantined such rows are left out.' });
      quarantined++;
      onQuarantined({ text: JSON.stringify(record), ...refused });
      return undefined;
    },
  };
}

import { hash } from 'node:crypto';
import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { canonicalRecords, sameKeys } from '../hash/canonical-record.js';
import type { QuarantinedRow } from '../load.js';
import { newBytes, reserve } from '../parquet/bytes.js';
import { noUnicode, type Contract } from '../schema/contract.js';
import { createAdmission, type Refused } from './admission.js';
import { HASH_BYTES, MAX_COLUMNS, TOMBSTONE } from './object-format.js';
import { writeTagged } from './tagged-value.js';

export interface RecordRow {
  /** Changes with the next one. */
  readonly bytes: Buffer;
  readonly length: number;
}

export interface RecordRows {
  /**
   * The record in bytes (see `objectFormat`); `undefined` when it was quarantined. Throws `FatalError` when the contract refuses it.
   * @param hash in hexadecimal digits; by default it is made
   */
  rowOf(record: JsonObject, hash?: string, isDeleted?: boolean): RecordRow | undefined;
  readonly quarantined: number;
}

export function createRecordRows(contract: Contract, onQuarantined: ((row: QuarantinedRow) => void) | undefined): RecordRows {
  const out = newBytes(4096);
  const json = canonicalRecords();
  /** Places of the keys of the last record: the next one's are most often the same. */
  let shape: { readonly keys: readonly string[]; readonly places: Int32Array } = { keys: [], places: new Int32Array(0) };
  const admission = createAdmission(contract, () => (shape = { keys: [], places: shape.places }));
  let quarantined = 0;
  let buffer: Buffer = Buffer.alloc(0);

  const writeValue = (record: JsonObject, name: string, known: number): Refused | undefined => {
    const value = record[name] ?? null;
    if (value === null) return admission.admit(name, known, null, out.bytes, 0);
    const at = out.length;
    reserve(out, 2);
    out.length += 2;
    if (!writeTagged(out, value)) return { column: name, reason: noUnicode(name) };
    const refused = admission.admit(name, known, value, out.bytes, at + 2);
    if (refused !== undefined) return refused;
    const place = known < 0 ? admission.placeOf(name) : known;
    if (place > MAX_COLUMNS)
      throw new FatalError(`There are more than ${MAX_COLUMNS} columns`, { hint: 'Put values whose keys are data into one object.' });
    out.bytes[at] = place;
    out.bytes[at + 1] = place >> 8;
    return undefined;
  };
  const write = (record: JsonObject): Refused | undefined => {
    const keys = Object.keys(record);
    if (!sameKeys(keys, shape.keys)) shape = { keys, places: Int32Array.from(keys, admission.placeOf) };
    const { places } = shape;
    out.length = HASH_BYTES;
    for (let n = 0; n < keys.length; n++) {
      const refused = writeValue(record, keys[n] ?? '', places[n] ?? -1);
      if (refused !== undefined) return refused;
    }
    return undefined;
  };

  return {
    get quarantined() {
      return quarantined;
    },
    rowOf(record, known, isDeleted = false) {
      const refused = write(record);
      if (refused === undefined) {
        if (buffer.buffer !== out.bytes.buffer) buffer = Buffer.from(out.bytes.buffer, out.bytes.byteOffset, out.bytes.byteLength);
        buffer.write(known ?? hash('md5', json(record)), 0, 'latin1');
        if (isDeleted) out.bytes[0] = (out.bytes[0] ?? 0) | TOMBSTONE;
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

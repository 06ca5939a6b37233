import { canonicalJson, type Json, type JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { canonicalRecords } from '../hash/canonical-record.js';
import { appendBytes } from '../parquet/bytes.js';
import { digestRoom } from './digest-room.js';
import type { Digests } from './digests.js';

const encoder = new TextEncoder();

/**
 * Digests of records. A number of a key is the text that ECMAScript prints, what is nested its canonical JSON, what is missing null. What it answers is of use until
 * the next call.
 * @param key the names of the key's columns, in an order that must stay
 */
export function recordDigests(key: readonly string[]): (records: readonly JsonObject[]) => Digests {
  if (key.length === 0 || new Set(key).size !== key.length) throw new FatalError('The key has no columns, or one of them twice');
  const json = canonicalRecords();
  const room = digestRoom();
  return (records) => {
    room.begin(records.length);
    for (const record of records) {
      appendBytes(room.texts, encoder.encode(JSON.stringify(key.map((name) => keyText(record[name] ?? null)))));
      room.endRow(json(record));
    }
    return room.done();
  };
}

function keyText(value: Json): string | null {
  if (value === null || typeof value === 'string') return value;
  // A key of its own would be looked at for delivery columns.
  return typeof value === 'object' ? canonicalJson({ n: value }).slice('{"n":'.length, -1) : String(value);
}

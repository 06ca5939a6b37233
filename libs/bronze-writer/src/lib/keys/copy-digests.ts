import type { CopyBlock, PostgresColumn } from '../copy-load.js';
import { createFields, fieldIsNull, splitRow, unescapeField, type Fields } from '../feeds/copy-fields.js';
import { copyJson, wrongFields } from '../feeds/copy-format.js';
import { appendJsonString, appendRaw } from '../hash/json-bytes.js';
import { appendByte, newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import { postgresType } from '../schema/postgres-type.js';
import { COMMA } from '../values/ascii.js';
import { chunkOf } from '../feeds/copy-lines.js';
import { digestRoom } from './digest-room.js';
import { checkKey, type Digests } from './digests.js';

const BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NULL = new TextEncoder().encode('null');

/**
 * Digests of rows of COPY (see `writeCopyText`). What it answers is of use until the next call; a block with `hashes: digests.hashes` is not hashed again by the
 * writer.
 * @param columns in the order of the COPY command
 * @param key the names of the key's columns, in an order that must stay
 * @throws {FatalError} for a key that is none; when called, for a row of another number of fields
 */
export function copyDigests(columns: readonly PostgresColumn[], key: readonly string[], where = 'copyDigests'): (block: CopyBlock) => Digests {
  const names = columns.map(({ name }) => name);
  checkKey(key, names, where);
  const keyFields = key.map((name) => names.indexOf(name));
  const fields = createFields(columns.length);
  const appendRow = copyJson(columns.map(({ name, type }) => ({ name, json: postgresType(type).json, strict: false })));
  const json = newBytes(4096);
  const room = digestRoom();
  return ({ bytes: given, count, starts, ends }) => {
    const { bytes } = chunkOf(given);
    room.begin(count);
    for (let row = 0; row < count; row++) {
      const found = splitRow(fields, bytes, starts[row] ?? 0, ends[row] ?? 0);
      if (found !== columns.length) throw wrongFields(found, columns.length, where);
      appendKey(room.texts, keyFields, fields, bytes);
      json.length = 0;
      appendRow(fields, bytes, json);
      room.endRow(viewOf(json));
    }
    return room.done();
  };
}

function appendKey(texts: Bytes, key: readonly number[], fields: Fields, row: Uint8Array): void {
  appendByte(texts, BRACKET);
  for (let n = 0; n < key.length; n++) {
    if (n > 0) appendByte(texts, COMMA);
    const field = key[n] ?? 0;
    if (fieldIsNull(fields, row, field)) appendRaw(texts, NULL, 0, NULL.length);
    else {
      let [bytes, start, end] = [row, fields.starts[field] ?? 0, fields.ends[field] ?? 0];
      if (fields.escaped[field] === 1) [bytes, start, end] = unescapeField(fields, row, start, end);
      appendJsonString(texts, bytes, start, end);
    }
  }
  appendByte(texts, CLOSE_BRACKET);
}

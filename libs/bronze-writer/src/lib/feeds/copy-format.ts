import { hash } from 'node:crypto';
import { FatalError } from '@loadin/resilience';
import { isHashed } from '../hash/canonical-record.js';
import { appendJsonString, appendRaw } from '../hash/json-bytes.js';
import { appendByte, newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import { appendNull, type ColumnData } from '../parquet/column-data.js';
import type { ColumnType } from '../schema/column-type.js';
import type { JsonForm } from '../schema/postgres-type.js';
import { hashAt, isMarked, isTombstone, MARK_BYTES } from '../keys/marked-row.js';
import { appendDeleted } from './append-deleted.js';
import { appendDigest, appendHash } from './append-hash.js';
import { ascii, CLOSE, isText, MINUS, OPEN } from '../values/ascii.js';
import { isExactText } from '../values/exact-text.js';
import type { AppendText } from '../values/postgres-array.js';
import { textAppender } from '../values/text-value.js';
import { createFields, fieldIsNull, splitRow, unescapeField, type Fields } from './copy-fields.js';
import type { RowFormat, TargetColumns } from './row-decoder.js';

/** A column of COPY's output, in its order. */
export interface CopyColumn {
  readonly name: string;
  readonly json: JsonForm;
  /** Its source does not say that its values are of the column's type: only a text that the type gives again is taken. */
  readonly strict: boolean;
}

interface ColumnPlan {
  readonly source: number;
  readonly json: JsonForm;
  /** `{"a":` or `,"b":`; none when the column is not hashed. */
  readonly before: Uint8Array | undefined;
  readonly data: ColumnData | undefined;
  readonly append: AppendText;
}

const encoder = new TextEncoder();
const NULL = encoder.encode('null');
const TRUE = encoder.encode('true');
const FALSE = encoder.encode('false');

/** Rows as `COPY … TO STDOUT` prints them (text format), without the line break at the end. `places[n]` is the place of column n in the schema. */
export function copyFormat(columns: readonly CopyColumn[], places: readonly number[], where: string): RowFormat {
  const fields = createFields(columns.length);
  return {
    textOf: (bytes, start, end) =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start + (isMarked(bytes, start, end) ? MARK_BYTES : 0), end)),
    appender(target) {
      const plans = planColumns(columns, places, { ...target, hashed: target.hashes !== undefined });
      // Of rows whose hash is known.
      const unhashed = plans.map((plan) => ({ ...plan, before: undefined }));
      // Of columns that the schema has and the source has not any more.
      const gone = target.data.filter((_, n) => !places.includes(target.placed[n]?.source ?? -1));
      const json = newBytes(4096);
      return (bytes, start, end) => {
        const marked = isMarked(bytes, start, end);
        const found = splitRow(fields, bytes, marked ? start + MARK_BYTES : start, end);
        if (found !== columns.length) throw wrongFields(found, columns.length, where);
        json.length = 0;
        for (const plan of marked ? unhashed : plans) if (!appendField(plan, fields, bytes, json)) return places[plan.source] ?? 0;
        for (const data of gone) appendNull(data);
        if (target.deleted !== undefined) appendDeleted(target.deleted, marked && isTombstone(bytes, start));
        if (target.hashes === undefined) return -1;
        if (marked) {
          appendDigest(target.hashes, bytes, hashAt(start));
          return -1;
        }
        if (json.length === 0) appendByte(json, OPEN);
        appendByte(json, CLOSE);
        appendHash(target.hashes, hash('md5', viewOf(json)));
        return -1;
      };
    },
  };
}

/** Appends the JSON of a row whose fields were found: what is hashed. */
export function copyJson(columns: readonly CopyColumn[]): (fields: Fields, row: Uint8Array, json: Bytes) => void {
  const plans = planColumns(columns, [], { placed: [], data: [], hashed: true });
  return (fields, row, json) => {
    const { length } = json;
    for (const plan of plans) appendField(plan, fields, row, json);
    if (json.length === length) appendByte(json, OPEN);
    appendByte(json, CLOSE);
  };
}

export const wrongFields = (found: number, wanted: number, where: string): FatalError =>
  new FatalError(`A row of COPY has ${found} fields and not ${wanted}`, { where, hint: 'Name the columns in the order of the COPY command.' });

/** In the order of the hash, so that one pass over a row makes its JSON and its values. */
function planColumns(
  columns: readonly CopyColumn[],
  places: readonly number[],
  { placed, data, hashed }: Pick<TargetColumns, 'placed' | 'data'> & { readonly hashed: boolean },
): ColumnPlan[] {
  const order = columns.map((_, n) => n).sort((a, b) => ((columns[a]?.name ?? '') < (columns[b]?.name ?? '') ? -1 : 1));
  let first = true;
  return order.map((source) => {
    const { name, json, strict } = columns[source] as CopyColumn;
    const at = placed.findIndex((column) => column.source === places[source]);
    const before = hashed && isHashed(name) ? encoder.encode(`${first ? '{' : ','}${JSON.stringify(name)}:`) : undefined;
    if (before !== undefined) first = false;
    const type = placed[at]?.type ?? { kind: 'string' };
    return { source, json, before, data: data[at], append: strict ? strictAppender(type) : textAppender(type) };
  });
}

function strictAppender(type: ColumnType): AppendText {
  const append = textAppender(type);
  if (type.kind === 'list') return append;
  return (data, bytes, start, end) => isExactText(type, ascii(bytes, start, end)) && append(data, bytes, start, end);
}

function appendField(plan: ColumnPlan, fields: Fields, row: Uint8Array, json: Bytes): boolean {
  const { source, before, data } = plan;
  if (before !== undefined) appendRaw(json, before, 0, before.length);
  if (fieldIsNull(fields, row, source)) {
    if (before !== undefined) appendRaw(json, NULL, 0, 4);
    if (data !== undefined) appendNull(data);
    return true;
  }
  let [bytes, start, end] = [row, fields.starts[source] ?? 0, fields.ends[source] ?? 0];
  if (fields.escaped[source] === 1) [bytes, start, end] = unescapeField(fields, row, start, end);
  if (before !== undefined) appendJson(json, plan.json, bytes, start, end);
  return data === undefined || plan.append(data, bytes, start, end);
}

function appendJson(json: Bytes, form: JsonForm, bytes: Uint8Array, start: number, end: number): void {
  if (form === 'boolean') return isText(bytes, start, end, 't') ? appendRaw(json, TRUE, 0, 4) : appendRaw(json, FALSE, 0, 5);
  // NaN, Infinity and -Infinity are no numbers of JSON.
  if (form === 'number' && isDigit(bytes[bytes[start] === MINUS ? start + 1 : start])) return appendRaw(json, bytes, start, end);
  appendJsonString(json, bytes, start, end);
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

import { FatalError } from '@loadin/resilience';
import { isHashed } from '../hash/canonical-record.js';
import { appendJsonString, appendRaw } from '../hash/json-bytes.js';
import { appendByte, newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import { appendNull, endRow, type ColumnData } from '../parquet/column-data.js';
import type { ColumnType, ScalarType } from '../schema/column-type.js';
import type { JsonForm } from '../schema/postgres-type.js';
import { hashAt, isMarked, isTombstone, MARK_BYTES } from '../keys/marked-row.js';
import { appendDeleted } from './append-deleted.js';
import { appendDigest } from './append-hash.js';
import { ascii, CLOSE, isText, MINUS, OPEN } from '../values/ascii.js';
import { isExactText } from '../values/exact-text.js';
import type { AppendText } from '../values/postgres-array.js';
import { asciiAppender, scalarAppender, textAppender } from '../values/text-value.js';
import { fieldIsNull, unescapeField, type Fields } from './copy-fields.js';
import { copyMemory, type CopyMember, type CopyMemory } from './copy-memory.js';
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
  readonly data: ColumnData;
  readonly isList: boolean;
  /** Of a list with the levels of its row, of anything else without. */
  readonly append: AppendText;
  /** Of a row that is known to be ASCII. */
  readonly appendAscii: AppendText;
}

const encoder = new TextEncoder();
const NULL = encoder.encode('null');
const TRUE = encoder.encode('true');
const FALSE = encoder.encode('false');

/** Rows as `COPY … TO STDOUT` prints them (text format), without the line break at the end. `places[n]` is the place of column n in the schema. */
export function copyFormat(columns: readonly CopyColumn[], places: readonly number[], where: string): RowFormat {
  const members = membersOf(columns);
  let memory: CopyMemory | undefined;
  return {
    textOf: (bytes, start, end) =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start + (isMarked(bytes, start, end) ? MARK_BYTES : 0), end)),
    appender({ placed, data, hashes, deleted }) {
      const row = (memory ??= copyMemory(columns.length, members));
      const plans = planColumns(columns, places, { placed, data });
      // Of columns that the schema has and the source has not any more.
      const gone = data.filter((_, n) => !places.includes(placed[n]?.source ?? -1));
      const hash = hashes && rowHasher(row, members, hashes);
      return {
        begin: () => hash?.begin(),
        append(bytes, start, end) {
          const marked = isMarked(bytes, start, end);
          const found = row.read(bytes, marked ? start + MARK_BYTES : start, end);
          if (found !== columns.length) throw wrongFields(found, columns.length, where);
          for (let n = 0; n < plans.length; n++) {
            const plan = plans[n] as ColumnPlan;
            if (!appendField(plan, row)) return places[plan.source] ?? 0;
          }
          for (const each of gone) appendNull(each);
          if (deleted !== undefined) appendDeleted(deleted, marked && isTombstone(bytes, start));
          if (marked) hash?.known(bytes, hashAt(start));
          else hash?.make();
          return -1;
        },
        end: () => hash?.end(),
      };
    },
  };
}

interface RowHasher {
  begin(): void;
  /** The hash of a row that has it with it. */
  known(bytes: Uint8Array, at: number): void;
  /** Of the row that was read. */
  make(): void;
  end(): void;
}

function rowHasher(row: CopyMemory, members: readonly CopyMember[], hashes: ColumnData): RowHasher {
  const batch = row.batch(hashes);
  const json = newBytes();
  return {
    begin: () => batch.clear(),
    known(bytes, at) {
      batch.flush();
      appendDigest(hashes, bytes, at);
    },
    make() {
      if (row.writeJson(batch)) return;
      json.length = 0;
      appendJson(json, members, row.fields, row.bytes);
      batch.add(viewOf(json));
    },
    end: () => batch.flush(),
  };
}

/** Appends the JSON of a row whose fields were found: what is hashed. */
export function copyJson(columns: readonly CopyColumn[]): (fields: Fields, row: Uint8Array, json: Bytes) => void {
  const members = membersOf(columns);
  return (fields, row, json) => appendJson(json, members, fields, row);
}

export const wrongFields = (found: number, wanted: number, where: string): FatalError =>
  new FatalError(`A row of COPY has ${found} fields and not ${wanted}`, { where, hint: 'Name the columns in the order of the COPY command.' });

const nameOf = (columns: readonly CopyColumn[], n: number): string => columns[n]?.name ?? '';

/** Numbers of the columns in the order of the hash. */
const inOrder = (columns: readonly CopyColumn[]): number[] =>
  columns.map((_, n) => n).sort((a, b) => (nameOf(columns, a) < nameOf(columns, b) ? -1 : 1));

export function membersOf(columns: readonly CopyColumn[]): CopyMember[] {
  return inOrder(columns)
    .filter((source) => isHashed(nameOf(columns, source)))
    .map((source, n) => {
      const { name, json } = columns[source] as CopyColumn;
      return { source, json, before: encoder.encode(`${n === 0 ? '{' : ','}${JSON.stringify(name)}:`) };
    });
}

/** In the order of the hash too: which misfit of a row is found first decides how its schema goes on. */
function planColumns(
  columns: readonly CopyColumn[],
  places: readonly number[],
  { placed, data }: Pick<TargetColumns, 'placed' | 'data'>,
): ColumnPlan[] {
  return inOrder(columns).flatMap((source) => {
    const at = placed.findIndex((column) => column.source === places[source]);
    const type = placed[at]?.type;
    const target = data[at];
    if (type === undefined || target === undefined) return [];
    const strict = columns[source]?.strict === true;
    return [{ source, data: target, ...appendersOf(type, strict) }];
  });
}

function appendersOf(type: ColumnType, strict: boolean): Pick<ColumnPlan, 'isList' | 'append' | 'appendAscii'> {
  if (type.kind === 'list') return { isList: true, append: textAppender(type), appendAscii: textAppender(type) };
  if (strict) return { isList: false, append: strictAppender(type), appendAscii: strictAppender(type) };
  return { isList: false, append: scalarAppender(type), appendAscii: asciiAppender(type) };
}

function strictAppender(type: ScalarType): AppendText {
  const append = scalarAppender(type);
  return (data, bytes, start, end) => isExactText(type, ascii(bytes, start, end)) && append(data, bytes, start, end);
}

function appendField(plan: ColumnPlan, row: CopyMemory): boolean {
  const { source, data, isList } = plan;
  const { fields, bytes } = row;
  const start = fields.starts[source] ?? 0;
  const end = fields.ends[source] ?? 0;
  const append = row.isAscii ? plan.appendAscii : plan.append;
  if (fields.escaped[source] === 1) {
    if (fieldIsNull(fields, bytes, source)) {
      appendNull(data);
      return true;
    }
    if (!append(data, ...unescapeField(fields, bytes, start, end))) return false;
  } else if (!append(data, bytes, start, end)) return false;
  if (!isList) endRow(data, 1);
  return true;
}

function appendJson(json: Bytes, members: readonly CopyMember[], fields: Fields, row: Uint8Array): void {
  for (const { source, before, json: form } of members) {
    appendRaw(json, before, 0, before.length);
    if (fieldIsNull(fields, row, source)) appendRaw(json, NULL, 0, 4);
    else {
      let [bytes, start, end] = [row, fields.starts[source] ?? 0, fields.ends[source] ?? 0];
      if (fields.escaped[source] === 1) [bytes, start, end] = unescapeField(fields, row, start, end);
      appendMember(json, form, bytes, start, end);
    }
  }
  if (members.length === 0) appendByte(json, OPEN);
  appendByte(json, CLOSE);
}

function appendMember(json: Bytes, form: JsonForm, bytes: Uint8Array, start: number, end: number): void {
  if (form === 'boolean') return isText(bytes, start, end, 't') ? appendRaw(json, TRUE, 0, 4) : appendRaw(json, FALSE, 0, 5);
  // NaN, Infinity and -Infinity are no numbers of JSON.
  const digit = bytes[start] === MINUS ? start + 1 : start;
  if (form === 'number' && digit < end && isDigit(bytes[digit])) return appendRaw(json, bytes, start, end);
  appendJsonString(json, bytes, start, end);
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

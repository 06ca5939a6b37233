import { isUtf8 } from 'node:buffer';
import type { ColumnData } from '../parquet/column-data.js';
import { endRow } from '../parquet/column-data.js';
import type { ColumnType, ScalarType } from '../schema/column-type.js';
import { appendByteArray, appendByteValue } from './append-value.js';
import { BACKSLASH, isText } from './ascii.js';
import { appendDateText, appendTimestampText, appendTimestamptzText } from './instants.js';
import { appendDecimalText, appendDoubleText, appendFloatText, appendInt32Text, appendInt64Text, appendIntegerText } from './numbers.js';
import { appendArrayText, type AppendText } from './postgres-array.js';

const SHORT_TEXT = 64;

const SCALARS: Readonly<Record<ScalarType['kind'], AppendText>> = {
  boolean: appendBooleanText,
  int32: appendInt32Text,
  integer: appendIntegerText,
  int64: appendInt64Text,
  float: appendFloatText,
  double: appendDoubleText,
  decimal: appendDecimalText,
  date: appendDateText,
  timestamp: appendTimestampText,
  timestamptz: appendTimestamptzText,
  string: appendStringText,
  binary: appendByteaText,
};

/**
 * Appends a row's value, given as Postgres prints it, to a column of this type. What that returns is whether the type holds exactly this value; when not, the
 * column is left unfit for use until it is reset.
 */
export function textAppender(type: ColumnType): AppendText {
  if (type.kind === 'list') {
    const appendElement = SCALARS[type.element.kind];
    return (data, bytes, start, end) => appendArrayText(data, bytes, start, end, appendElement);
  }
  const append = SCALARS[type.kind];
  return (data, bytes, start, end) => {
    if (!append(data, bytes, start, end)) return false;
    endRow(data, 1);
    return true;
  };
}

/** Without the levels of a row: elements of lists. */
export const scalarAppender = (type: ScalarType): AppendText => SCALARS[type.kind];

/** The same of a text that is known to be ASCII. */
export const asciiAppender = (type: ScalarType): AppendText => (type.kind === 'string' ? appendAsciiText : SCALARS[type.kind]);

function appendAsciiText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  appendByteArray(data, bytes, start, end);
  return true;
}

/** `t` and `f`, as Postgres prints them, and the words of SQL and JSON. */
function appendBooleanText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const isTrue = isText(bytes, start, end, 't') || isText(bytes, start, end, 'true');
  if (!isTrue && !isText(bytes, start, end, 'f') && !isText(bytes, start, end, 'false')) return false;
  appendByteValue(data, isTrue ? 1 : 0);
  return true;
}

/** False for bytes that are no UTF-8, as a database with the encoding SQL_ASCII hands them on: no reader takes a file with them. */
function appendStringText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  if (!isUnicode(bytes, start, end)) return false;
  appendByteArray(data, bytes, start, end);
  return true;
}

/** Looking at the bytes of a short text costs less than a call. */
function isUnicode(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= SHORT_TEXT) {
    let all = 0;
    for (let at = start; at < end; at++) all |= bytes[at] ?? 0;
    if (all < 0x80) return true;
  }
  return isUtf8(bytes.subarray(start, end));
}

/** `\x` and two hexadecimal digits a byte (bytea_output = hex). */
function appendByteaText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== BACKSLASH || bytes[start + 1] !== 0x78 || (end - start) % 2 !== 0) return false;
  const decoded = new Uint8Array((end - start) / 2 - 1);
  for (let n = 0; n < decoded.length; n++) {
    const [high, low] = [hexDigit(bytes[start + 2 + n * 2] ?? 0), hexDigit(bytes[start + 3 + n * 2] ?? 0)];
    if (high < 0 || low < 0) return false;
    decoded[n] = high * 16 + low;
  }
  appendByteArray(data, decoded, 0, decoded.length);
  return true;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

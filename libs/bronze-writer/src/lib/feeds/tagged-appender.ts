import { appendNull, endElement, endRow, type ColumnData } from '../parquet/column-data.js';
import type { ColumnType, ScalarType } from '../schema/column-type.js';
import { appendByteArray, appendByteValue, appendDouble, appendFloat, appendInt32, appendInt64 } from '../values/append-value.js';
import { ascii } from '../values/ascii.js';
import { isExactText } from '../values/exact-text.js';
import { scalarAppender } from '../values/text-value.js';
import { readNumber, readTagged, Tag, taggedEnd } from './tagged-value.js';

/** Appends a tagged value that is not null; false when the type does not hold exactly it. */
export type AppendTagged = (data: ColumnData, bytes: Uint8Array, at: number) => boolean;

const encoder = new TextEncoder();

/** Appends a row's tagged value to a column of this type. */
export function taggedAppender(type: ColumnType): AppendTagged {
  if (type.kind === 'list') return listAppender(scalarTagged(type.element));
  const append = scalarTagged(type);
  return (data, bytes, at) => {
    if (bytes[at] === Tag.NULL) {
      appendNull(data);
      return true;
    }
    if (!append(data, bytes, at)) return false;
    endRow(data, 1);
    return true;
  };
}

function listAppender(append: AppendTagged): AppendTagged {
  return (data, bytes, at) => {
    if (bytes[at] === Tag.NULL) {
      appendNull(data);
      return true;
    }
    if (bytes[at] !== Tag.LIST) return false;
    const end = taggedEnd(bytes, at);
    if (at + 5 === end) endElement(data, 1, 0);
    for (let element = at + 5, repetition = 0; element < end; element = taggedEnd(bytes, element), repetition = 1) {
      const isNull = bytes[element] === Tag.NULL;
      if (!isNull && !append(data, bytes, element)) return false;
      endElement(data, isNull ? 2 : 3, repetition);
    }
    return true;
  };
}

function scalarTagged(type: ScalarType): AppendTagged {
  switch (type.kind) {
    case 'boolean':
      return appendBoolean;
    case 'string':
      return appendAsText;
    case 'int32':
    case 'integer':
    case 'int64':
      return wholeAppender(type);
    case 'double':
    case 'float':
      return floatingAppender(type);
    default:
      return throughText(type);
  }
}

function appendBoolean(data: ColumnData, bytes: Uint8Array, at: number): boolean {
  const tag = bytes[at];
  if (tag !== Tag.TRUE && tag !== Tag.FALSE) return false;
  appendByteValue(data, tag === Tag.TRUE ? 1 : 0);
  return true;
}

/** A text as it is; anything else as its JSON. */
function appendAsText(data: ColumnData, bytes: Uint8Array, at: number): boolean {
  const tag = bytes[at];
  if (tag === Tag.TEXT || tag === Tag.NESTED) appendByteArray(data, bytes, at + 5, taggedEnd(bytes, at));
  else {
    const text = encoder.encode(JSON.stringify(readTagged(bytes, at)));
    appendByteArray(data, text, 0, text.length);
  }
  return true;
}

function wholeAppender(type: ScalarType): AppendTagged {
  const text = throughText(type);
  return (data, bytes, at) => {
    const tag = bytes[at];
    if (tag !== Tag.INT32 && tag !== Tag.DOUBLE) return text(data, bytes, at);
    const value = readNumber(bytes, at);
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
    if (type.kind !== 'int32') appendInt64(data, value);
    else if (tag === Tag.INT32) appendInt32(data, value);
    return type.kind !== 'int32' || tag === Tag.INT32;
  };
}

/** Not through text, which has no −0. */
function floatingAppender(type: ScalarType): AppendTagged {
  const text = throughText(type);
  return (data, bytes, at) => {
    const tag = bytes[at];
    if (tag !== Tag.INT32 && tag !== Tag.DOUBLE) return text(data, bytes, at);
    const value = readNumber(bytes, at);
    if (type.kind === 'double') appendDouble(data, value);
    else if (Math.fround(value) === value) appendFloat(data, value);
    else return false;
    return true;
  };
}

/** Numbers as ECMAScript prints them, texts as they are, and then as Postgres' texts are read. */
function throughText(type: ScalarType): AppendTagged {
  const append = scalarAppender(type);
  return (data, bytes, at) => {
    const tag = bytes[at];
    const isNumber = tag === Tag.INT32 || tag === Tag.DOUBLE;
    if (isNumber ? type.kind === 'binary' : tag !== Tag.TEXT) return false;
    const text = isNumber ? encoder.encode(String(readNumber(bytes, at))) : bytes;
    const [start, end] = isNumber ? [0, text.length] : [at + 5, taggedEnd(bytes, at)];
    return isExactText(type, ascii(text, start, end)) && append(data, text, start, end);
  };
}

import { endElement, type ColumnData } from '../parquet/column-data.js';
import { BACKSLASH, CLOSE, COMMA, isText, OPEN, QUOTE } from './ascii.js';

export type AppendText = (data: ColumnData, bytes: Uint8Array, start: number, end: number) => boolean;

/**
 * The text of a Postgres array (`{1,NULL,"a \"b\""}`) as a list. False for one of more dimensions and one whose first index is not 1 (`[0:1]={a,b}`): a list
 * would lose that.
 */
export function appendArrayText(data: ColumnData, bytes: Uint8Array, start: number, end: number, appendElement: AppendText): boolean {
  if (bytes[start] !== OPEN || bytes[end - 1] !== CLOSE || end - start < 2) return false;
  if (end - start === 2) {
    endElement(data, 1, 0);
    return true;
  }
  let at = start + 1;
  for (let element = 0; at < end; element++) {
    const repetition = element === 0 ? 0 : 1;
    if (bytes[at] === OPEN) return false;
    const quoted = bytes[at] === QUOTE;
    const after = quoted ? quotedEnd(bytes, at + 1, end) + 1 : plainEnd(bytes, at, end);
    if (after >= end) return false;
    if (!quoted && isNull(bytes, at, after)) endElement(data, 2, repetition);
    else {
      if (!(quoted ? appendUnquoted(data, bytes, at + 1, after - 1, appendElement) : appendElement(data, bytes, at, after))) return false;
      endElement(data, 3, repetition);
    }
    const isLast = after === end - 1;
    if (!isLast && bytes[after] !== COMMA) return false;
    at = after + 1;
  }
  return true;
}

const isNull = (bytes: Uint8Array, start: number, end: number): boolean => isText(bytes, start, end, 'NULL');

function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== COMMA && bytes[at] !== CLOSE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function quotedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function appendUnquoted(data: ColumnData, bytes: Uint8Array, start: number, end: number, appendElement: AppendText): boolean {
  let backslash = start;
  while (backslash < end && bytes[backslash] !== BACKSLASH) backslash++;
  if (backslash === end) return appendElement(data, bytes, start, end);
  const plain = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    plain[length++] = bytes[at] ?? 0;
  }
  return appendElement(data, plain, 0, length);
}

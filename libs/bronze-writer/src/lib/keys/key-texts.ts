import { isUtf8 } from 'node:buffer';
import { appendNull, endRow, type ColumnData } from '../parquet/column-data.js';
import { appendByteArray } from '../values/append-value.js';
import { BACKSLASH, QUOTE } from '../values/ascii.js';
import { parseKey } from './digests.js';

const encoder = new TextEncoder();
const COMMA_OR_BRACKET = 1;

/** Appends a key, given as the JSON of a list of texts and nulls, to its columns. */
export function appendKeyTexts(columns: readonly ColumnData[], texts: Uint8Array, start: number, end: number, isText: boolean): void {
  let at = start + COMMA_OR_BRACKET;
  for (const data of columns) {
    if (texts[at] !== QUOTE) {
      appendNull(data);
      at += 'null'.length + COMMA_OR_BRACKET;
      continue;
    }
    let [to, isPlain] = [at + 1, isText];
    for (; texts[to] !== QUOTE; to++) {
      if (texts[to] !== BACKSLASH) continue;
      isPlain = false;
      to++;
    }
    if (isPlain) appendByteArray(data, texts, at + 1, to);
    else appendUnescaped(data, texts, at, to + 1);
    endRow(data, 1);
    at = to + 1 + COMMA_OR_BRACKET;
  }
  if (at !== end) throw new Error('a key has another number of columns than its set');
}

/** A text that is no Unicode has no place in a file: what is none of it becomes U+FFFD. No row with such a key is ever in a file. */
function appendUnescaped(data: ColumnData, texts: Uint8Array, start: number, end: number): void {
  const list = new Uint8Array(end - start + 2);
  list.set(texts.subarray(start, end), 1);
  list[0] = 0x5b;
  list[list.length - 1] = 0x5d;
  const bytes = encoder.encode(parseKey(list, 0, list.length)[0] ?? '');
  appendByteArray(data, bytes, 0, bytes.length);
}

/** Asked once for a block. */
export const areTexts = (texts: Uint8Array): boolean => isUtf8(texts);

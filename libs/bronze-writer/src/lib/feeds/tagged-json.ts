import { canonicalJson, type Json } from '@loadin/pipeline';
import { appendRaw, type appendJsonString } from '../hash/json-bytes.js';
import { appendByte, appendBytes, type Bytes } from '../parquet/bytes.js';
import { COMMA } from '../values/ascii.js';
import { readNumber, readTagged, Tag, taggedEnd } from './tagged-value.js';

const encoder = new TextEncoder();
const [NULL, TRUE, FALSE] = ['null', 'true', 'false'].map((word) => encoder.encode(word)) as [Uint8Array, Uint8Array, Uint8Array];
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d];

/** Appends a text as a JSON string. */
export type AppendString = typeof appendJsonString;

/** The canonical JSON of the tagged value that begins at `at`, as the pipeline's `canonicalJson` has it. */
export function appendTaggedJson(out: Bytes, bytes: Uint8Array, at: number, appendString: AppendString): void {
  switch (bytes[at]) {
    case Tag.TEXT:
      return appendString(out, bytes, at + 5, taggedEnd(bytes, at));
    case Tag.TRUE:
      return appendRaw(out, TRUE, 0, 4);
    case Tag.FALSE:
      return appendRaw(out, FALSE, 0, 5);
    case Tag.INT32:
    case Tag.DOUBLE:
      return appendNumber(out, readNumber(bytes, at));
    case Tag.LIST:
      return appendList(out, bytes, at, appendString);
    case Tag.NESTED:
      return appendBytes(out, encoder.encode(nestedJson(readTagged(bytes, at))));
    default:
      return appendRaw(out, NULL, 0, 4);
  }
}

/** A key of its own would be looked at for delivery columns. */
const nestedJson = (value: Json): string => canonicalJson({ n: value }).slice('{"n":'.length, -1);

function appendNumber(out: Bytes, value: number): void {
  const text = Number.isFinite(value) ? `${value}` : 'null';
  for (let n = 0; n < text.length; n++) appendByte(out, text.charCodeAt(n));
}

function appendList(out: Bytes, bytes: Uint8Array, at: number, appendString: AppendString): void {
  const end = taggedEnd(bytes, at);
  appendByte(out, OPEN_LIST);
  for (let element = at + 5; element < end; element = taggedEnd(bytes, element)) {
    if (element > at + 5) appendByte(out, COMMA);
    appendTaggedJson(out, bytes, element, appendString);
  }
  appendByte(out, CLOSE_LIST);
}

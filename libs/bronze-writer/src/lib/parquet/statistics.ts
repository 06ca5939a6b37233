import type { ColumnData } from './column-data.js';
import { sizeAt, type Extremes } from './extremes.js';
import { Physical } from './physical.js';
import { binary, bool, i64, struct, type ThriftStruct, type ThriftValue } from './thrift.js';

/** A bound as Parquet writes it: the value in PLAIN encoding without a length, shortened when it is long. */
export interface Bound {
  readonly bytes: Uint8Array;
  /** Whether it is a value of the column, and not only beyond all of them. */
  readonly exact: boolean;
}

export interface Bounds {
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
}

/** Longer bounds would cost more than they save: a filter seldom has a longer text. parquet-java and Arrow cut here too. */
const LONGEST_BOUND = 64;

export function boundsOf(data: ColumnData, extremes: Extremes | undefined): Bounds {
  if (extremes === undefined) return { min: undefined, max: undefined };
  const [min, max] = [valueAt(data, extremes.min), valueAt(data, extremes.max)];
  if (data.physical === Physical.BYTE_ARRAY) {
    const isText = data.scalar.kind === 'string';
    return { min: cutDown(min, isText), max: cutUp(max, isText) };
  }
  if (data.physical === Physical.FLOAT || data.physical === Physical.DOUBLE) {
    // parquet.thrift: a zero is written as −0 in min and +0 in max, whichever it was.
    if (isZero(min)) min[min.length - 1] = 0x80;
    if (isZero(max)) max[max.length - 1] = 0;
  }
  return { min: { bytes: min, exact: true }, max: { bytes: max, exact: true } };
}

function valueAt(data: ColumnData, start: number): Uint8Array {
  return data.bytes.slice(start + (data.width === 0 ? 4 : 0), start + sizeAt(data, start));
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte, n) => byte === 0 || (n === bytes.length - 1 && byte === 0x80));

function cutDown(bytes: Uint8Array, isText: boolean): Bound {
  if (bytes.length <= LONGEST_BOUND) return { bytes, exact: true };
  return { bytes: bytes.slice(0, isText ? characterBoundary(bytes, LONGEST_BOUND) : LONGEST_BOUND), exact: false };
}

/** Shortened and then the next higher of that length; none when there is no higher one. */
function cutUp(bytes: Uint8Array, isText: boolean): Bound | undefined {
  if (bytes.length <= LONGEST_BOUND) return { bytes, exact: true };
  const higher = isText ? higherText(bytes.subarray(0, characterBoundary(bytes, LONGEST_BOUND))) : higherBytes(bytes.slice(0, LONGEST_BOUND));
  return higher && { bytes: higher, exact: false };
}

/** The last place up to `length` at which a character of UTF-8 begins. */
function characterBoundary(bytes: Uint8Array, length: number): number {
  let at = length;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

/** A text may begin with U+FEFF: it is a character like others here. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function higherText(bytes: Uint8Array): Uint8Array | undefined {
  const characters = Array.from(decoder.decode(bytes), (character) => character.codePointAt(0) ?? 0);
  for (let at = characters.length - 1; at >= 0; at--) {
    const next = (characters[at] ?? 0) + 1;
    if (next > 0x10ffff) continue;
    // Surrogates are no characters.
    const higher = [...characters.slice(0, at), next === 0xd800 ? 0xe000 : next];
    return new TextEncoder().encode(String.fromCodePoint(...higher));
  }
  return undefined;
}

function higherBytes(bytes: Uint8Array): Uint8Array | undefined {
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at] === 0xff) continue;
    bytes[at] = (bytes[at] ?? 0) + 1;
    return bytes.slice(0, at + 1);
  }
  return undefined;
}

/** `Statistics` of parquet.thrift. */
export function statisticsStruct({ min, max }: Bounds, nulls: number): ThriftValue & ThriftStruct {
  return struct(
    [3, i64(nulls)],
    [5, max && binary(max.bytes)],
    [6, min && binary(min.bytes)],
    [7, max && bool(max.exact)],
    [8, min && bool(min.exact)],
  );
}

import { appendBytes, appendUint32, newBytes, reserve, setUint32, viewOf, type Bytes } from './bytes.js';
import type { ColumnData } from './column-data.js';
import { UNCOMPRESSED, type Codec } from './compression.js';
import { expand, pays, type Dictionary } from './dictionary.js';
import { extremesOf } from './extremes.js';
import { cutPages, type PageCut } from './pages.js';
import { Physical } from './physical.js';
import { appendHybrid, bitWidth } from './rle.js';
import { boundsOf, type Bounds } from './statistics.js';
import { appendStruct, i32, struct, type ThriftField } from './thrift.js';

/** Numbers of the enum `Encoding` in parquet.thrift. */
export const PLAIN = 0;
export const RLE = 3;
export const RLE_DICTIONARY = 8;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

export interface EncodedPage {
  /** From the first byte of the chunk. */
  readonly offset: number;
  /** With its header. */
  readonly bytes: number;
  readonly firstRow: number;
  readonly values: number;
  readonly nulls: number;
  readonly bounds: Bounds;
}

/** A column of a row group as it will lie in the file, wherever that will be. */
export interface EncodedChunk {
  readonly pieces: readonly Uint8Array[];
  /** Of all pieces together. */
  readonly bytes: number;
  readonly codec: number;
  readonly entries: number;
  readonly uncompressed: number;
  /** Bytes of the dictionary page in front of the others; 0 for none. */
  readonly dictionaryBytes: number;
  readonly nulls: number;
  readonly bounds: Bounds;
  readonly pages: readonly EncodedPage[];
}

/** Zstandard's fixed cost, some 15 µs a call, is not worth it below. */
const LEAST_COMPRESSED = 256;

/** Encodes what is in the column; afterwards it may be reset. */
export function encodeChunk(data: ColumnData, codec: Codec): EncodedChunk {
  const { dictionary } = data;
  // Arrow's writer too gives a dictionary of one value a bit, rather than none.
  const width = dictionary === undefined ? 0 : Math.max(1, bitWidth(dictionary.distinct - 1));
  if (dictionary !== undefined && !pays(data, dictionary, width)) expand(data, dictionary);
  const used = data.dictionary === undefined ? data.length : data.length + (data.values * width) / 8;
  const chunk: ChunkInProgress = { pieces: [], bytes: 0, uncompressed: 0, codec: used < LEAST_COMPRESSED ? UNCOMPRESSED : codec };
  if (data.dictionary !== undefined) {
    const header: ThriftField = [7, struct([1, i32(data.dictionary.distinct)], [2, i32(PLAIN)])];
    appendPage(chunk, DICTIONARY_PAGE, data.bytes.subarray(0, data.length), header);
  }
  const dictionaryBytes = chunk.bytes;
  const cuts = cutPages(data);
  const whole = boundsOf(data, extremesOf(data, 0, data.dictionary?.distinct ?? data.values, 0));
  const pages = cuts.map((cut): EncodedPage => {
    const offset = chunk.bytes;
    const values = cut.toValue - cut.fromValue;
    const encoding = data.dictionary === undefined ? PLAIN : RLE_DICTIONARY;
    const header = struct([1, i32(cut.toEntry - cut.fromEntry)], [2, i32(encoding)], [3, i32(RLE)], [4, i32(RLE)]);
    appendPage(chunk, DATA_PAGE, pageBody(data, cut, width), [5, header]);
    const bounds = cuts.length === 1 ? whole : boundsOf(data, pageExtremes(data, cut));
    return { offset, bytes: chunk.bytes - offset, firstRow: cut.firstRow, values, nulls: cut.toEntry - cut.fromEntry - values, bounds };
  });
  return {
    pieces: chunk.pieces,
    bytes: chunk.bytes,
    codec: chunk.codec.id,
    entries: data.entries,
    uncompressed: chunk.uncompressed,
    dictionaryBytes,
    nulls: data.entries - data.values,
    bounds: whole,
    pages,
  };
}

interface ChunkInProgress {
  readonly pieces: Uint8Array[];
  bytes: number;
  readonly codec: Codec;
  uncompressed: number;
}

function appendPage(chunk: ChunkInProgress, type: number, body: Uint8Array, header: ThriftField): void {
  const compressed = chunk.codec.compress(body);
  const head = newBytes(48);
  appendStruct(head, struct([1, i32(type)], [2, i32(body.length)], [3, i32(compressed.length)], header));
  // What was not compressed lies in memory that is used again.
  chunk.pieces.push(viewOf(head), compressed === body ? body.slice() : compressed);
  chunk.bytes += head.length + compressed.length;
  chunk.uncompressed += head.length + body.length;
}

function pageExtremes(data: ColumnData, cut: PageCut): ReturnType<typeof extremesOf> {
  if (data.dictionary === undefined) return extremesOf(data, cut.fromValue, cut.toValue, cut.fromByte);
  const { distinct, indices } = data.dictionary;
  const used = new Uint8Array(distinct);
  for (let value = cut.fromValue; value < cut.toValue; value++) used[indices[value] ?? 0] = 1;
  return extremesOf(data, 0, distinct, 0, used);
}

/** Used for one page after the other. */
const scratch = newBytes(64 * 1024);

/** Levels, then values (Data Pages in the README of parquet-format). */
function pageBody(data: ColumnData, cut: PageCut, width: number): Uint8Array {
  scratch.length = 0;
  if (data.repetitions !== undefined) appendLevels(scratch, data.repetitions, cut, 1);
  appendLevels(scratch, data.definitions, cut, bitWidth(data.maxDefinition));
  if (data.dictionary !== undefined) appendIndices(scratch, data.dictionary, cut, width);
  else if (data.physical === Physical.BOOLEAN) appendBits(scratch, data.bytes, cut.fromByte, cut.toByte);
  else appendBytes(scratch, data.bytes.subarray(cut.fromByte, cut.toByte));
  return viewOf(scratch);
}

function appendLevels(out: Bytes, levels: Uint8Array, cut: PageCut, width: number): void {
  const at = out.length;
  appendUint32(out, 0);
  appendHybrid(out, levels, cut.fromEntry, cut.toEntry, width);
  setUint32(out.bytes, at, out.length - at - 4);
}

function appendIndices(out: Bytes, { indices }: Dictionary, cut: PageCut, width: number): void {
  reserve(out, 1);
  out.bytes[out.length++] = width;
  appendHybrid(out, indices, cut.fromValue, cut.toValue, width);
}

/** Booleans in PLAIN are bits, the first one lowest. */
function appendBits(out: Bytes, bytes: Uint8Array, from: number, to: number): void {
  reserve(out, Math.ceil((to - from) / 8));
  for (let at = from; at < to; at += 8) {
    let bits = 0;
    for (let n = 0; n < 8 && at + n < to; n++) bits |= (bytes[at + n] ?? 0) << n;
    out.bytes[out.length++] = bits;
  }
}

import { FatalError } from '@loadin/resilience';
import type { ColumnType, ScalarType } from '../schema/column-type.js';
import { enlarged } from './bytes.js';
import { createDictionary, intern, resetDictionary, type Dictionary } from './dictionary.js';
import { maxDefinition, physicalOf, scalarOf, type PhysicalType } from './physical.js';

/**
 * The values of one column of a row group, as they come. They stand one after the other in Parquet's PLAIN encoding; while there is a dictionary, each distinct
 * one only once, and `dictionary.indices` has the rest. The memory is used again for the next row group.
 *
 * To append a value: `reserveValue`, write its bytes at `length`, raise `length`, call `endValue`.
 */
export interface ColumnData extends PhysicalType {
  readonly type: ColumnType;
  readonly scalar: ScalarType;
  readonly maxDefinition: number;
  bytes: Uint8Array;
  /** The same memory, for values of 4 and 8 bytes. */
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
  length: number;
  /** Values that are there. */
  values: number;
  /** A definition level for each value or null (of a list: each element, or the list that has none). */
  definitions: Uint8Array;
  /** Lists only: 0 begins a row's list, 1 goes on. */
  repetitions: Uint8Array | undefined;
  entries: number;
  /** Bytes of all values in PLAIN encoding: what the dictionary has to beat. */
  plainLength: number;
  dictionary: Dictionary | undefined;
}

export function createColumnData(type: ColumnType, dictionary: boolean): ColumnData {
  const scalar = scalarOf(type);
  const bytes = new Uint8Array(1024);
  return {
    ...physicalOf(scalar),
    type,
    scalar,
    maxDefinition: maxDefinition(type),
    ...viewsOf(bytes),
    length: 0,
    values: 0,
    definitions: new Uint8Array(256),
    repetitions: type.kind === 'list' ? new Uint8Array(256) : undefined,
    entries: 0,
    plainLength: 0,
    dictionary: dictionary && scalar.kind !== 'boolean' ? createDictionary() : undefined,
  };
}

const viewsOf = (bytes: Uint8Array): Pick<ColumnData, 'bytes' | 'int32' | 'float32' | 'float64'> => ({
  bytes,
  int32: new Int32Array(bytes.buffer),
  float32: new Float32Array(bytes.buffer),
  float64: new Float64Array(bytes.buffer),
});

/** Empties it for the next row group. */
export function resetColumnData(data: ColumnData, dictionary: boolean): void {
  data.length = data.values = data.entries = data.plainLength = 0;
  if (!dictionary || data.scalar.kind === 'boolean') data.dictionary = undefined;
  else if (data.dictionary === undefined) data.dictionary = createDictionary();
  else resetDictionary(data.dictionary);
}

export function reserveValue(data: ColumnData, bytes: number): void {
  if (data.length + bytes <= data.bytes.length) return;
  checkBytes(data.length + bytes);
  // A multiple of 8, which the wider views need.
  Object.assign(data, viewsOf(enlarged(data.bytes, (data.length + bytes + 7) & ~7)));
}

/** Sizes of pages are signed numbers of 32 bits, and so are places in these columns. */
const MOST_BYTES = 2 ** 30;

/** Throws `FatalError` for more values in a column of a row group than a page can hold. */
export function checkBytes(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new FatalError('A column of a row group has more than 1 GiB', { hint: 'Make row groups smaller (rowGroupBytes).' });
}

/** The value that begins at `start` is whole. */
export function endValue(data: ColumnData, start: number): void {
  data.values++;
  data.plainLength += data.length - start;
  if (data.dictionary !== undefined) intern(data, data.dictionary, start);
}

/** Of a column that is no list, for each row. */
export function endRow(data: ColumnData, definition: number): void {
  if (data.entries === data.definitions.length) data.definitions = enlarged(data.definitions, data.entries + 1);
  data.definitions[data.entries++] = definition;
}

/** Of a list, for each element; once with a definition below 2 for one that is null or empty. */
export function endElement(data: ColumnData, definition: number, repetition: number): void {
  let repetitions = data.repetitions ?? new Uint8Array(256);
  if (data.entries === repetitions.length) repetitions = enlarged(repetitions, data.entries + 1);
  repetitions[data.entries] = repetition;
  data.repetitions = repetitions;
  endRow(data, definition);
}

/** A row without a value; of a list: no list, which is not an empty one. */
export function appendNull(data: ColumnData): void {
  if (data.repetitions === undefined) endRow(data, 0);
  else endElement(data, 0, 0);
}

/** As if the one value that was appended had come `rows` times. */
export function repeatValue(data: ColumnData, rows: number): void {
  const { dictionary } = data;
  if (dictionary === undefined || data.values !== 1) throw new Error('only the first value of a column with a dictionary can be repeated');
  data.plainLength *= rows;
  data.values = data.entries = rows;
  dictionary.indices = new Uint32Array(rows);
  data.definitions = new Uint8Array(rows).fill(1);
}

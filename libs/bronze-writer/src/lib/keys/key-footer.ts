import { FatalError } from '@loadin/resilience';
import { getUint32 } from '../parquet/bytes.js';
import { GROUP_ROWS, KEY_METADATA } from './key-columns.js';
import { readStruct, type Thrift, type ThriftFields } from './thrift-read.js';
import type { RangeFile } from './types.js';

/** What the end of a file of keys says. */
export interface KeyFooter {
  readonly key: readonly string[];
  readonly rows: number;
  readonly groups: readonly KeyGroup[];
}

export interface KeyGroup {
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  /** In the order of the columns. */
  readonly chunks: readonly KeyChunk[];
}

export interface KeyChunk {
  readonly codec: number;
  /** From the group's start. */
  readonly at: number;
  readonly end: number;
}

/** The length of the metadata and `PAR1`. */
const END_BYTES = 8;
/** Most often all of the metadata. */
const FIRST_READ = 64 * 1024;

export const notKeys = (where: string, how: string, cause?: unknown): FatalError =>
  new FatalError(`This is no file of keys: ${how}`, { where, hint: 'Move it away: the next full run begins anew.', cause });

export async function readKeyFooter(file: RangeFile, where: string): Promise<KeyFooter> {
  if (file.bytes < 2 * END_BYTES) throw notKeys(where, 'it is too short');
  let start = Math.max(0, file.bytes - FIRST_READ);
  let bytes = await file.read(start, file.bytes);
  if (new TextDecoder().decode(bytes.subarray(-4)) !== 'PAR1') throw notKeys(where, 'it does not end as Parquet does');
  const length = getUint32(bytes, bytes.length - END_BYTES) + END_BYTES;
  if (length > file.bytes) throw notKeys(where, 'its metadata is longer than the file');
  if (length > bytes.length) {
    start = file.bytes - length;
    bytes = await file.read(start, file.bytes);
  }
  try {
    return footerOf(readStruct(bytes, bytes.length - length).fields, file.bytes);
  } catch (cause) {
    throw notKeys(where, cause instanceof Error ? cause.message : 'its metadata is damaged', cause);
  }
}

/** `FileMetaData` of parquet.thrift: 3 rows, 4 row groups, 5 key and value metadata. */
function footerOf(fields: ThriftFields, fileBytes: number): KeyFooter {
  const metadata = new Map(structs(fields.get(5)).map((pair) => [textOf(pair.get(1)), textOf(pair.get(2))]));
  const json = metadata.get(KEY_METADATA);
  if (json === undefined) throw new RangeError('it does not say what the key is');
  const key = JSON.parse(json) as string[];
  if (!Array.isArray(key) || key.some((name) => typeof name !== 'string')) throw new RangeError('it does not say what the key is');
  const groups = structs(fields.get(4)).map(groupOf);
  if (groups.some((group) => !isOurs(group, fileBytes))) throw new RangeError('it has row groups of another kind');
  if (groups.some(({ chunks }) => chunks.length !== key.length + 2)) throw new RangeError('it has other columns');
  return { key, rows: numberOf(fields.get(3)), groups };
}

const isOurs = ({ rows, start, end, chunks }: KeyGroup, fileBytes: number): boolean =>
  rows > 0 && rows <= GROUP_ROWS && start >= 0 && end <= fileBytes && chunks.every((chunk) => chunk.at <= chunk.end);

/** `RowGroup`: 1 columns, 3 rows; `ColumnChunk`: 3 metadata; `ColumnMetaData`: 4 codec, 7 size, 9 the first data page. */
function groupOf(group: ThriftFields): KeyGroup {
  const chunks = structs(group.get(1)).map((chunk) => {
    const metadata = chunk.get(3) as ThriftFields;
    const at = numberOf(metadata.get(9));
    return { codec: numberOf(metadata.get(4)), at, end: at + numberOf(metadata.get(7)) };
  });
  const [start, end] = [Math.min(...chunks.map(({ at }) => at)), Math.max(...chunks.map((chunk) => chunk.end))];
  return { rows: numberOf(group.get(3)), start, end, chunks: chunks.map((chunk) => ({ ...chunk, at: chunk.at - start, end: chunk.end - start })) };
}

function structs(value: Thrift | undefined): ThriftFields[] {
  return Array.isArray(value) ? (value as ThriftFields[]) : [];
}

function numberOf(value: Thrift | undefined): number {
  if (typeof value !== 'number') throw new RangeError('a number is missing in its metadata');
  return value;
}

const textOf = (value: Thrift | undefined): string => (value instanceof Uint8Array ? new TextDecoder().decode(value) : '');

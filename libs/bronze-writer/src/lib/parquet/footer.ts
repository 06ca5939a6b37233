import type { ScalarType } from '../schema/column-type.js';
import { appendBytes, appendUint32, copyOf, newBytes, type Bytes } from './bytes.js';
import { PLAIN, RLE, RLE_DICTIONARY, type EncodedChunk } from './column-chunk.js';
import { physicalOf, scalarOf } from './physical.js';
import type { FileColumn, SortedBy } from './row-group.js';
import { appendStruct, binary, bool, i32, i64, list, struct, text, type ThriftField, type ThriftStruct, type ThriftValue } from './thrift.js';
import { statisticsStruct } from './statistics.js';

/** A chunk whose bytes lie in the file, from `at` on. */
export type PlacedChunk = Omit<EncodedChunk, 'pieces'> & { readonly at: number };

export interface PlacedRowGroup {
  readonly rows: number;
  readonly chunks: readonly PlacedChunk[];
  readonly sortedBy: readonly SortedBy[];
}

export interface FileDetails {
  readonly columns: readonly FileColumn[];
  /** Key and value metadata of the file. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdBy: string;
}

const MAGIC = new TextEncoder().encode('PAR1');
export const magic = (): Uint8Array => MAGIC.slice();

const OPTIONAL = i32(1);
const REPEATED = i32(2);
const CONVERTED_LIST = i32(3);

/** Page index, file metadata, its length, and the magic number: all that comes after the row groups, which end at `end`. */
export function footer(details: FileDetails, groups: readonly PlacedRowGroup[], end: number): Uint8Array {
  const out = newBytes(4096);
  const indexed = groups.map((group) => ({ ...group, chunks: group.chunks.map((chunk) => ({ ...chunk, ...pageIndex(out, chunk, end) })) }));
  const start = out.length;
  appendStruct(out, fileMetadata(details, indexed));
  appendUint32(out, out.length - start);
  appendBytes(out, MAGIC);
  return copyOf(out);
}

interface IndexPlace {
  readonly at: number;
  readonly bytes: number;
}
interface Indexed {
  readonly columnIndex?: IndexPlace;
  readonly offsetIndex?: IndexPlace;
}

/** Of one page there is nothing to say that the statistics don't. */
function pageIndex(out: Bytes, { pages, at }: PlacedChunk, end: number): Indexed {
  if (pages.length < 2) return {};
  const place = (index: ThriftStruct): IndexPlace => {
    const before = out.length;
    appendStruct(out, index);
    return { at: end + before, bytes: out.length - before };
  };
  const locations = pages.map(({ offset, bytes, firstRow }) => struct([1, i64(at + offset)], [2, i32(bytes)], [3, i64(firstRow)]));
  const offsetIndex = place(struct([1, list('struct', locations)]));
  const isEmpty = (page: (typeof pages)[number]): boolean => page.values === 0;
  const bounded = pages.every((page) => (page.bounds.min !== undefined && page.bounds.max !== undefined) || isEmpty(page));
  // A page with a NaN, or whose greatest text has no higher one, has no bounds: then there can be no index of the column.
  if (!bounded) return { offsetIndex };
  const bounds = (which: 'min' | 'max'): ThriftValue[] => pages.map((page) => binary(page.bounds[which]?.bytes ?? new Uint8Array(0)));
  const columnIndex = struct(
    [
      1,
      list(
        'bool',
        pages.map((page) => bool(isEmpty(page))),
      ),
    ],
    [2, list('binary', bounds('min'))],
    [3, list('binary', bounds('max'))],
    [4, i32(0)],
    [
      5,
      list(
        'i64',
        pages.map(({ nulls }) => i64(nulls)),
      ),
    ],
  );
  return { offsetIndex, columnIndex: place(columnIndex) };
}

function fileMetadata(
  { columns, metadata, createdBy }: FileDetails,
  groups: readonly (PlacedRowGroup & { chunks: readonly (PlacedChunk & Indexed)[] })[],
) {
  const keyValues = Object.entries(metadata).map(([key, value]) => struct([1, text(key)], [2, text(value)]));
  const typeOrder = struct([1, struct()]);
  return struct(
    [1, i32(1)],
    [2, list('struct', [struct([4, text('schema')], [5, i32(columns.length)]), ...columns.flatMap(schemaElements)])],
    [3, i64(groups.reduce((sum, { rows }) => sum + rows, 0))],
    [
      4,
      list(
        'struct',
        groups.map((group) => rowGroup(group, columns)),
      ),
    ],
    [5, keyValues.length === 0 ? undefined : list('struct', keyValues)],
    [6, text(createdBy)],
    [
      7,
      list(
        'struct',
        columns.map(() => typeOrder),
      ),
    ],
  );
}

/** Lists have three levels, as LogicalTypes.md has them. */
function schemaElements({ name, type }: FileColumn): (ThriftValue & ThriftStruct)[] {
  if (type.kind !== 'list') return [leaf(name, type)];
  const listType = struct([3, struct()]);
  return [
    struct([3, OPTIONAL], [4, text(name)], [5, i32(1)], [6, CONVERTED_LIST], [10, listType]),
    struct([3, REPEATED], [4, text('list')], [5, i32(1)]),
    leaf('element', type.element),
  ];
}

function leaf(name: string, type: ScalarType): ThriftValue & ThriftStruct {
  const { physical, width } = physicalOf(type);
  const FIXED = 7;
  return struct(
    [1, i32(physical)],
    [2, physical === FIXED ? i32(width) : undefined],
    [3, OPTIONAL],
    [4, text(name)],
    [6, convertedType(type)],
    [7, type.kind === 'decimal' ? i32(type.scale) : undefined],
    [8, type.kind === 'decimal' ? i32(type.precision) : undefined],
    [10, logicalType(type)],
  );
}

/** For readers older than logical types. A local timestamp has none: they would take it for an instant. */
function convertedType({ kind }: ScalarType): ThriftValue | undefined {
  const types: Partial<Record<ScalarType['kind'], number>> = { string: 0, decimal: 5, date: 6, timestamptz: 10 };
  const type = types[kind];
  return type === undefined ? undefined : i32(type);
}

function logicalType(type: ScalarType): ThriftValue | undefined {
  const MICROS: ThriftField = [2, struct()];
  switch (type.kind) {
    case 'string':
      return struct([1, struct()]);
    case 'decimal':
      return struct([5, struct([1, i32(type.scale)], [2, i32(type.precision)])]);
    case 'date':
      return struct([6, struct()]);
    case 'timestamp':
    case 'timestamptz':
      return struct([8, struct([1, bool(type.kind === 'timestamptz')], [2, struct(MICROS)])]);
    default:
      return undefined;
  }
}

function rowGroup({ rows, chunks, sortedBy }: PlacedRowGroup & { chunks: readonly (PlacedChunk & Indexed)[] }, columns: readonly FileColumn[]) {
  const sorting = sortedBy.map(({ column }) => struct([1, i32(column)], [2, bool(false)], [3, bool(false)]));
  const compressed = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  return struct(
    [
      1,
      list(
        'struct',
        chunks.map((chunk, n) => columnChunk(chunk, columns[n] as FileColumn)),
      ),
    ],
    [2, i64(chunks.reduce((sum, { uncompressed }) => sum + uncompressed, 0))],
    [3, i64(rows)],
    [4, sorting.length === 0 ? undefined : list('struct', sorting)],
    [5, i64(chunks[0]?.at ?? 0)],
    [6, i64(compressed)],
  );
}

function columnChunk(chunk: PlacedChunk & Indexed, { name, type }: FileColumn): ThriftValue {
  const { at, dictionaryBytes, offsetIndex, columnIndex } = chunk;
  const path = type.kind === 'list' ? [name, 'list', 'element'] : [name];
  const encodings = dictionaryBytes > 0 ? [PLAIN, RLE, RLE_DICTIONARY] : [PLAIN, RLE];
  const metadata = struct(
    [1, i32(physicalOf(scalarOf(type)).physical)],
    [2, list('i32', encodings.map(i32))],
    [3, list('binary', path.map(text))],
    [4, i32(chunk.codec)],
    [5, i64(chunk.entries)],
    [6, i64(chunk.uncompressed)],
    [7, i64(chunk.bytes)],
    [9, i64(at + dictionaryBytes)],
    [11, dictionaryBytes > 0 ? i64(at) : undefined],
    [12, statisticsStruct(chunk.bounds, chunk.nulls)],
  );
  return struct(
    [2, i64(0)],
    [3, metadata],
    [4, offsetIndex && i64(offsetIndex.at)],
    [5, offsetIndex && i32(offsetIndex.bytes)],
    [6, columnIndex && i64(columnIndex.at)],
    [7, columnIndex && i32(columnIndex.bytes)],
  );
}

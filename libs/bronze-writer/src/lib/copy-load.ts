import { FatalError } from '@loadin/resilience';
import { abortOnError } from './abort-on-error.js';
import type { CopyColumn } from './feeds/copy-format.js';
import { chunkOf, copyLines, type Chunk } from './feeds/copy-lines.js';
import { checkKey } from './keys/digests.js';
import type { GoneKeys } from './keys/gone-keys.js';
import { markedRows, type MarkedRows } from './keys/marked-row.js';
import { checkDeletes, checkLoad, type BronzeLoad, type BronzeReport } from './load.js';
import { eventDay, NO_DAY } from './partitions/event-day.js';
import type { OpenSpill } from './partitions/spill.js';
import { sameType } from './schema/column-type.js';
import { createContract } from './schema/contract.js';
import { postgresType } from './schema/postgres-type.js';
import { startSchema, type SchemaColumn } from './schema/table-schema.js';
import { createTableWriter, type TableWriter } from './table-writer.js';

export interface PostgresColumn {
  readonly name: string;
  /** As `format_type` prints it (`numeric(10,2)`, `timestamp with time zone`), or the catalogue's name (`int8`, `_text`); of a domain the type below it. */
  readonly type: string;
}

/** Whole rows: row `i` is `bytes` from `starts[i]` up to `ends[i]`, without its line break. */
export interface CopyBlock {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 16 bytes a row: what `_record_hash` is to be, where it was made already (`copyDigests`). Default: it is made. */
  readonly hashes?: Uint8Array;
}

/** The output of `COPY … TO STDOUT`: chunks that are cut anywhere, or blocks in which the rows were found already; and keys that it has no more, for tombstones. */
export type CopyChunks = AsyncIterable<CopyChunk> | Iterable<CopyChunk>;
export type CopyChunk = Uint8Array | CopyBlock | GoneKeys;

const TAB = 0x09;

/**
 * Rows as Postgres prints them for `COPY … TO STDOUT` (text format; TimeZone UTC, DateStyle ISO, bytea_output hex), in the order of `columns`. Throws
 * `FatalError` for rows of another number of fields, and when the text ends inside a row. When it throws, the output has been aborted.
 */
export function writeCopyText(
  load: BronzeLoad,
  columns: readonly PostgresColumn[],
  chunks: CopyChunks,
  openSpill?: OpenSpill,
): Promise<BronzeReport> {
  return abortOnError(load.output, async () => {
    checkLoad(load);
    const { entity, contract: mode = 'evolve' } = load;
    const types = columns.map((column) => copyColumn(column, load.columns));
    const schema = startSchema(load.schema, types, mode, entity);
    const contract = createContract(schema, mode, entity, schema === load.schema);
    const places = columns.map(({ name }) => schema.columns.findIndex((column) => column.name === name));
    const partition = partitionField(load, columns);
    const writer = createTableWriter(load, { format: { feed: 'copy', columns: types, places, where: entity }, contract, openSpill });
    try {
      await addRows(writer, chunks, { partition, load, columns });
      return await writer.finish();
    } finally {
      await writer.close();
    }
  });
}

/** As it is declared, or else by its type in Postgres. A text that is to be a number has to be exactly that one. */
function copyColumn({ name, type: postgres }: PostgresColumn, declared: readonly SchemaColumn[] = []): CopyColumn & SchemaColumn {
  const source = postgresType(postgres);
  const type = declared.find((column) => column.name === name)?.type ?? source.type;
  return { name, type, json: source.json, strict: !sameType(type, source.type) && !/^(real|float|double)/.test(postgres) };
}

function partitionField({ partitionBy, entity }: BronzeLoad, columns: readonly PostgresColumn[]): number {
  if (partitionBy === undefined) return -1;
  const field = columns.findIndex(({ name }) => name === partitionBy);
  if (field < 0)
    throw new FatalError(`There is no column "${partitionBy}" to partition by`, {
      where: entity,
      hint: `Columns: ${columns.map(({ name }) => name).join(', ')}.`,
    });
  return field;
}

interface RowsOptions {
  readonly partition: number;
  readonly load: BronzeLoad;
  readonly columns: readonly PostgresColumn[];
}

async function addRows(writer: TableWriter, chunks: CopyChunks, { partition, load, columns }: RowsOptions): Promise<void> {
  const lines = copyLines();
  const rows = markedRows();
  for await (const chunk of chunks) {
    load.signal?.throwIfAborted();
    if (chunk instanceof Uint8Array) {
      for (const { chunk: bytes, start, end } of lines.linesOf(chunk)) if (addRow(writer, bytes, start, end, partition)) await writer.settle();
    } else if ('gone' in chunk) {
      const fields = keyFields(chunk, load, columns);
      for (let n = 0; n < chunk.gone.length; n++) {
        const row = rows.tombstone(chunk, n, fields, columns.length);
        if (writer.add(NO_DAY, row, 0, rows.length)) await writer.settle();
      }
    } else {
      const block = chunkOf(chunk.bytes);
      const add = chunk.hashes === undefined ? addRow : addHashed(rows, chunk.hashes);
      for (let next = 0; next >= 0;) {
        next = addUntilFull(writer, add, { block, chunk, partition }, next);
        if (next >= 0) await writer.settle();
      }
    }
  }
  if (lines.rest > 0)
    throw new FatalError('The output of COPY ends inside a row', { where: load.entity, hint: 'Nothing was published. Read the table again.' });
}

interface Rows {
  readonly block: Chunk;
  readonly chunk: CopyBlock;
  readonly partition: number;
}

/** From row `from` on. Answers where to go on once the writer has settled; −1 when all are in. A loop that waits is one that V8 compiles again and again. */
function addUntilFull(writer: TableWriter, add: AddRow, { block, chunk, partition }: Rows, from: number): number {
  const { starts, ends, count } = chunk;
  for (let i = from; i < count; i++) if (add(writer, block, starts[i] ?? 0, ends[i] ?? 0, partition, i)) return i + 1;
  return -1;
}

type AddRow = (writer: TableWriter, chunk: Chunk, start: number, end: number, partition: number, row: number) => boolean;

const addRow = (writer: TableWriter, { buffer, bytes }: Chunk, start: number, end: number, partition: number): boolean =>
  writer.add(dayOf(bytes, start, end, partition), buffer, start, end);

function addHashed(rows: MarkedRows, hashes: Uint8Array): AddRow {
  return (writer, { bytes }, start, end, partition, row) => {
    const day = dayOf(bytes, start, end, partition);
    const marked = rows.mark(bytes, start, end, hashes, row);
    return writer.add(day, marked, 0, rows.length);
  };
}

function dayOf(bytes: Uint8Array, start: number, end: number, partition: number): number {
  if (partition < 0) return NO_DAY;
  let from = start;
  for (let field = 0; field < partition && from < end; from++) if (bytes[from] === TAB) field++;
  let to = from;
  while (to < end && bytes[to] !== TAB) to++;
  return eventDay(bytes, from, to);
}

/** Where the key's columns stand in a row. */
function keyFields({ key }: GoneKeys, load: BronzeLoad, columns: readonly PostgresColumn[]): number[] {
  checkDeletes(load);
  const names = columns.map(({ name }) => name);
  checkKey(key, names, load.entity);
  return key.map((name) => names.indexOf(name));
}

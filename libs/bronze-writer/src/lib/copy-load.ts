import { FatalError } from '@loadin/resilience';
import { abortOnError } from './abort-on-error.js';
import { copyFormat, type CopyColumn } from './feeds/copy-format.js';
import { chunkOf, copyLines, type Chunk } from './feeds/copy-lines.js';
import { checkLoad, type BronzeLoad, type BronzeReport } from './load.js';
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
}

/** The output of `COPY … TO STDOUT`: chunks that are cut anywhere, or blocks in which the rows were found already. */
export type CopyChunks = AsyncIterable<Uint8Array | CopyBlock> | Iterable<Uint8Array | CopyBlock>;

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
    const writer = createTableWriter(load, { format: copyFormat(types, places, entity), contract, openSpill });
    try {
      await addRows(writer, chunks, { partition, load });
      return await writer.finish();
    } finally {
      writer.close();
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

async function addRows(writer: TableWriter, chunks: CopyChunks, { partition, load }: { partition: number; load: BronzeLoad }): Promise<void> {
  const lines = copyLines();
  for await (const chunk of chunks) {
    load.signal?.throwIfAborted();
    if (chunk instanceof Uint8Array) {
      for (const { chunk: bytes, start, end } of lines.linesOf(chunk)) if (addRow(writer, bytes, start, end, partition)) await writer.settle();
    } else {
      const block = chunkOf(chunk.bytes);
      for (let i = 0; i < chunk.count; i++) if (addRow(writer, block, chunk.starts[i] ?? 0, chunk.ends[i] ?? 0, partition)) await writer.settle();
    }
  }
  if (lines.rest > 0)
    throw new FatalError('The output of COPY ends inside a row', { where: load.entity, hint: 'Nothing was published. Read the table again.' });
}

function addRow(writer: TableWriter, { buffer, bytes }: Chunk, start: number, end: number, partition: number): boolean {
  if (partition < 0) return writer.add(NO_DAY, buffer, start, end);
  let from = start;
  for (let field = 0; field < partition && from < end; from++) if (bytes[from] === TAB) field++;
  let to = from;
  while (to < end && bytes[to] !== TAB) to++;
  return writer.add(eventDay(bytes, from, to), buffer, start, end);
}

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import {
  directoryOutput,
  writeCopyText,
  writeRecords,
  type BronzeLoad,
  type BronzeReport,
  type CopyChunks,
  type PostgresColumn,
  type Records,
} from '../index.js';

let connection: Promise<DuckDBConnection> | undefined;

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const opened = await instance.connect();
  await opened.run("SET TimeZone = 'UTC'");
  return opened;
}

/** Rows of a query in DuckDB, values as its JSON. */
export async function duckdb(sql: string): Promise<Record<string, unknown>[]> {
  connection ??= connect();
  return (await (await connection).runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
}

const ZSTD = (bytes: Uint8Array): Uint8Array => new Uint8Array(zstdDecompressSync(bytes));

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const PARSERS = {
  dateFromDays: (days: number) => days,
  timestampFromMicroseconds: (micros: bigint) => micros,
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes),
};

/** Rows of a file read by hyparquet: dates as days and timestamps as microseconds, since its `Date`s have no microseconds. */
export function hyparquet(path: string): Promise<Record<string, unknown>[]> {
  const file = readFileSync(path);
  return parquetReadObjects({
    file: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
    compressors: { ZSTD },
    utf8: false,
    parsers: PARSERS as never,
  });
}

export interface Lake {
  readonly root: string;
  /** All of an entity's rows, with event_date, by DuckDB. */
  rows(sql?: string): Promise<Record<string, unknown>[]>;
  /** Writes, commits, and answers the report. */
  records(records: Records, load?: Partial<BronzeLoad>): Promise<BronzeReport>;
  copy(columns: readonly PostgresColumn[], text: string | CopyChunks, load?: Partial<BronzeLoad>): Promise<BronzeReport>;
  load(load?: Partial<BronzeLoad>): BronzeLoad;
  remove(): void;
}

/** A lake in a folder of its own. */
export function createLake(): Lake {
  const root = mkdtempSync(join(tmpdir(), 'loadin-bronze-'));
  const loadOf = (load: Partial<BronzeLoad> = {}): BronzeLoad => ({
    entity: 'orders',
    ingestionDate: '2026-03-01',
    loadType: 'full',
    ingestionId: '5c7f9e0a-0000-5000-8000-000000000001',
    ingestionTs: '2026-03-01T02:00:00Z',
    sourceSystem: 'rds',
    output: directoryOutput(root, 'try'),
    // What the default reserves is most of the time that a small load takes.
    memoryBytes: 2 ** 20,
    ...load,
  });
  const written = async (load: BronzeLoad, write: (load: BronzeLoad) => Promise<BronzeReport>): Promise<BronzeReport> => {
    const output = directoryOutput(root, 'try');
    const report = await write({ ...load, output });
    await output.commit();
    return report;
  };
  return {
    root,
    rows: (sql = 'select * from lake') =>
      duckdb(`with lake as (from read_parquet('${root}/data/bronze/**/*.parquet', hive_partitioning = true, union_by_name = true)) ${sql}`),
    records: (records, load) => written(loadOf(load), (each) => writeRecords(each, records)),
    copy: (columns, text, load) =>
      written(loadOf(load), (each) => writeCopyText(each, columns, typeof text === 'string' ? [Buffer.from(text)] : text)),
    load: loadOf,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A value as COPY prints it in a field. */
export const copyField = (text: string | null): string =>
  text === null
    ? '\\N'
    : text.replace(/[\\\b\f\n\r\t\v]/g, (c) => `\\${{ '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v' }[c] ?? ''}`);

export const copyRows = (rows: readonly (readonly (string | null)[])[]): string => rows.map((row) => `${row.map(copyField).join('\t')}\n`).join('');

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, withChild } from '../child.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio, type Rounds } from '../rounds.js';
import { copyLine, orderRecord } from './order-rows.js';
import { writeLines } from './write-lines.js';

/** What a child says of its load. */
interface Loaded {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMB: number;
}

type Tool = 'loadin' | 'duckdb';
type Feed = 'copy' | 'records';

const allDates = [30, 300, 3_650] as const;
const child = new URL('./load.child.js', import.meta.url).pathname;

/** Rows to Parquet: COPY text by date, and records to one file held against DuckDB. `--full`: a million rows. */
export async function measureBronzeWrite(args: readonly string[]): Promise<Report> {
  const [rows, rounds] = args.includes('--full') ? [1_000_000, 5] : [200_000, 3];
  const folder = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
  try {
    const files = writeInputs(folder, rows);
    const rss = new Map<string, number>();
    const cpu = new Map<string, number>();
    const load = async (name: Name, tool: Tool, feed: Feed, file: string, layout: 'single' | 'partitioned', threads = 0): Promise<number> => {
      const output = mkdtempSync(join(folder, 'out-'));
      const loaded = await withChild(startChild<Loaded>(child, { args: [tool, feed, file, output, layout, String(threads)] }), (first) =>
        Promise.resolve(first),
      );
      rmSync(output, { recursive: true });
      if (loaded.rows !== rows) throw new Error(`${name} wrote ${loaded.rows} rows of ${rows}`);
      rss.set(name, Math.max(rss.get(name) ?? 0, loaded.rssMB));
      cpu.set(name, loaded.cpuSeconds);
      return loaded.seconds;
    };
    const partitioned = (dates: Dates) => () => load(`copy ${dates}`, 'loadin', 'copy', files.copy.get(dates) ?? '', 'partitioned');
    const measured = await interleaved(
      {
        'copy 30': partitioned(30),
        'copy 300': partitioned(300),
        'copy 3650': partitioned(3_650),
        'duckdb copy 30': () => load('duckdb copy 30', 'duckdb', 'copy', files.copy.get(30) ?? '', 'partitioned'),
        records: () => load('records', 'loadin', 'records', files.records, 'single'),
        'records, two threads': () => load('records, two threads', 'loadin', 'records', files.records, 'single', 1),
        'duckdb records': () => load('duckdb records', 'duckdb', 'records', files.records, 'single'),
      },
      { rounds, warmUps: 0 },
    );
    return {
      title: `${rows} rows of 20 columns to Parquet with hash, zstd 1, median of ${rounds} rounds`,
      figures: figuresOf(measured, rss, cpu, rows),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Dates = (typeof allDates)[number];
type Name = `copy ${Dates}` | 'duckdb copy 30' | 'records' | 'records, two threads' | 'duckdb records';

function figuresOf(measured: Rounds<Name>, rss: ReadonlyMap<string, number>, cpu: ReadonlyMap<string, number>, rows: number): Figure[] {
  const speed = (name: Name): number => rows / 1_000 / median(measured[name]);
  const memory = (name: Name, atMost?: number): Figure => ({ what: '  resident at most', measured: rss.get(name) ?? NaN, unit: 'MB', atMost });
  const perCore = (name: Name): Figure => ({ what: '  a second of processor time', measured: rows / 1_000 / (cpu.get(name) ?? NaN), unit: 'krows' });
  return [
    ...allDates.flatMap((dates): Figure[] => [
      { what: `COPY text, ${dates} dates`, measured: speed(`copy ${dates}`), unit: 'krows/s' },
      perCore(`copy ${dates}`),
      memory(`copy ${dates}`, 400),
    ]),
    { what: 'DuckDB, the same text, 30 dates', measured: speed('duckdb copy 30'), unit: 'krows/s' },
    memory('duckdb copy 30'),
    { what: 'records (NDJSON), one file', measured: speed('records'), unit: 'krows/s' },
    perCore('records'),
    memory('records', 400),
    { what: '  with a second thread', measured: speed('records, two threads'), unit: 'krows/s' },
    memory('records, two threads', 400),
    { what: 'DuckDB read_json, one file', measured: speed('duckdb records'), unit: 'krows/s' },
    memory('duckdb records'),
    {
      what: '  our time of its',
      measured: medianRatio(measured['records, two threads'], measured['duckdb records']),
      unit: '×',
      digits: 2,
      atMost: 2.2,
    },
    { what: '  without a second thread', measured: medianRatio(measured.records, measured['duckdb records']), unit: '×', digits: 2 },
  ];
}

interface Inputs {
  readonly copy: ReadonlyMap<number, string>;
  readonly records: string;
}

function writeInputs(folder: string, rows: number): Inputs {
  const copy = new Map(allDates.map((dates) => [dates, writeLines(join(folder, `copy-${dates}.txt`), rows, (n) => copyLine(n, dates))] as const));
  return { copy, records: writeLines(join(folder, 'records.ndjson'), rows, (n) => `${JSON.stringify(orderRecord(n, 30))}\n`) };
}

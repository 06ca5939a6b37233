import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@loadin/postgres';
import { startChild, withChild } from '../child.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio, type Rounds } from '../rounds.js';
import { loadWithDuckdb, pythonWithDuckdb } from './duckdb-extension.js';
import { fillTables, REPEATED, repeatRows, tableOf } from './order-tables.js';

/** What a load says of itself. */
interface Loaded {
  readonly rows: number;
  readonly files: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMB: number;
  /** Of ours: temporary bytes for each of the source's. */
  readonly spilled?: number;
  /** Of ours: the most within each million of rows. */
  readonly residentMB?: readonly number[];
}

type Dates = 30 | 300 | 3650;
type Name = `two ${Dates}` | `one ${30 | 300}` | `duckdb ${Dates}`;
type Run = (name: Name) => Promise<Loaded>;

const allDates: readonly Dates[] = [30, 300, 3_650];
const names: readonly Name[] = ['two 30', 'duckdb 30', 'one 30', 'two 300', 'duckdb 300', 'one 300', 'two 3650', 'duckdb 3650'];
const child = new URL('./postgres-load.child.js', import.meta.url).pathname;
const MILLION = 1_000_000;
const TIMES = 5;

/** A table of Postgres to Parquet by date, held against DuckDB's extension for Postgres. `--full`: a million rows, and five for the drift of memory. */
export async function measureBronze(args: readonly string[]): Promise<Report> {
  const isFull = args.includes('--full');
  const [rows, rounds] = isFull ? [MILLION, 5] : [200_000, 3];
  const python = await pythonWithDuckdb();
  const folder = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
  const server = await startPostgres({ settings: { shared_buffers: '256MB' } });
  const database = await server.createDatabase();
  try {
    await fillTables(server, database, rows, allDates);
    const all = new Map<Name, Loaded[]>();
    const run: Run = async (name) => {
      const [tool, dates] = name.split(' ') as [string, string];
      const table = tableOf(Number(dates));
      const loaded = await inFolder(folder, (output) =>
        tool === 'duckdb'
          ? loadWithDuckdb(python, database.url, table, output).then((line) => JSON.parse(line) as Loaded)
          : loadin(`${database.url}?sslmode=disable`, table, output, tool === 'two' ? 1 : 0),
      );
      if (loaded.rows !== rows) throw new Error(`${name} wrote ${loaded.rows} rows of ${rows}`);
      all.set(name, [...(all.get(name) ?? []), loaded]);
      return loaded;
    };
    const seconds = (name: Name) => (): Promise<number> => run(name).then((loaded) => loaded.seconds);
    const measures = Object.fromEntries(names.map((name) => [name, seconds(name)])) as Record<Name, () => Promise<number>>;
    const measured = await interleaved(measures, { rounds, warmUps: 0 });
    const drift: Figure[] = [];
    if (isFull) {
      await repeatRows(database, rows, TIMES);
      drift.push(driftOf(await inFolder(folder, (output) => loadin(`${database.url}?sslmode=disable`, REPEATED, output, 1))));
    }
    return {
      title: `${rows} rows of 20 columns from Postgres to Parquet by date with hash, zstd 1, median of ${rounds} rounds`,
      figures: [...allDates.flatMap((dates) => figuresOf(dates, measured, all, rows)), ...drift],
    };
  } finally {
    // First: a connection that the server ends is an error of its own, in front of the one that counts.
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function inFolder<T>(folder: string, run: (output: string) => Promise<T>): Promise<T> {
  const output = mkdtempSync(join(folder, 'out-'));
  try {
    return await run(output);
  } finally {
    rmSync(output, { recursive: true });
  }
}

const loadin = (url: string, table: string, output: string, threads: number): Promise<Loaded> =>
  withChild(startChild<Loaded>(child, { args: [url, table, output, String(threads)] }), (first) => Promise.resolve(first));

/** What the issue of speed is: at few dates the work itself, at many the memory. */
const MOST: Readonly<Record<Dates, number>> = { 30: 1.1, 300: 1.1, 3_650: 0.6 };

function figuresOf(dates: Dates, measured: Rounds<Name>, all: ReadonlyMap<Name, readonly Loaded[]>, rows: number): Figure[] {
  const loads = (name: Name): readonly Loaded[] => all.get(name) ?? [];
  const most = (name: Name, of: (loaded: Loaded) => number): number => Math.max(...loads(name).map(of));
  const [two, duckdb] = [`two ${dates}`, `duckdb ${dates}`] as const;
  const cpu = (name: Name): number[] => loads(name).map(({ cpuSeconds }) => cpuSeconds);
  const speed = (what: string, name: Name): Figure => ({ what, measured: rows / 1_000 / median(measured[name]), unit: 'krows/s' });
  const resident = (name: Name, atMost?: number): Figure => ({
    what: '  resident at most',
    measured: most(name, ({ rssMB }) => rssMB),
    unit: 'MB',
    atMost,
  });
  const ratio = (name: Name, atMost: number): Figure => ({
    ...{ what: '  of its time', measured: medianRatio(measured[name], measured[duckdb]), unit: '×', digits: 2, atMost },
  });
  const work = (name: Name): Figure => ({
    ...{ what: '  of its processor time', measured: medianRatio(cpu(name), cpu(duckdb)), unit: '×', digits: 2 },
  });
  const one = dates === 3_650 ? undefined : (`one ${dates}` as const);
  return [
    speed(`${dates} dates: DuckDB, one thread`, duckdb),
    { what: '  files', measured: most(duckdb, ({ files }) => files), unit: '' },
    resident(duckdb),
    speed(`${dates} dates: ours, two threads`, two),
    ratio(two, MOST[dates]),
    work(two),
    { what: '  files', measured: most(two, ({ files }) => files), unit: '', atMost: dates },
    { what: '  temporary disk, of the input', measured: most(two, ({ spilled = NaN }) => spilled), unit: '×', digits: 2, atMost: 1 },
    resident(two, 400),
    ...(one === undefined ? [] : [speed(`${dates} dates: ours, one thread`, one), ratio(one, 1.5), work(one), resident(one, 400)]),
  ];
}

/** How far memory rises after the first million of rows. */
function driftOf({ rows, residentMB = [] }: Loaded): Figure {
  const [first = NaN, ...later] = residentMB;
  return { what: `drift over ${rows} rows`, measured: Math.max(0, ...later.map((most) => most - first)), unit: 'MB', atMost: 50 };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { JsonObject } from '@loadin/pipeline';
import { directoryOutput, writeCopyText, type BronzeLoad, type BronzeReport, type QuarantinedRow } from '../../index.js';
import { copyRows, createLake, type Lake } from '../readers.fixture.js';

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'numeric(12,2)' },
  { name: 'text', type: 'text' },
];
const dayOf = (n: number): string => new Date(Date.UTC(2016, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
const rowsOf = (count: number, days: number): string[][] =>
  Array.from({ length: count }, (_, n) => [String(n), dayOf((n * 7) % days), `${n % 977}.50`, `${'x'.repeat(120)}${n}`]);
/** Rows in which some columns become wider on the way. */
const recordsOf = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, n) => ({
    id: n,
    day: dayOf(n % 5),
    price: n < count / 2 ? n : n + 0.5,
    note: n % 3 === 0 ? null : `note ${n}`,
    ...(n > count / 3 ? { late: n % 2 === 0 } : {}),
    // One version has all that becomes wider between two row groups.
    ...(n > count / 3 + 50 ? { later: 'x' } : {}),
    ...(n > count / 3 + 100 ? { latest: n } : {}),
  }));
/** Threads that this process has. */
const threads = (): number => process.getActiveResourcesInfo().filter((name) => /worker|messageport/i.test(name)).length;

describe('a load with a thread that encodes', () => {
  let lake: Lake;
  let folder: string;
  let threadFile: URL;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loadin-thread-'));
    const outfile = join(folder, 'encoder-thread.mjs');
    const entryPoints = [join(__dirname, 'encoder-thread.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', conditions: ['@loadin/source'], logLevel: 'warning' });
    threadFile = pathToFileURL(outfile);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  /** The same load twice: without a thread and with one. */
  const both = async (load: (options: Partial<BronzeLoad>) => Promise<BronzeReport>): Promise<[BronzeReport, BronzeReport]> => {
    const alone = await load({ threads: 0, ingestionDate: '2026-03-01' });
    const report = await load({ threads: 1, threadFile, ingestionDate: '2026-03-02' });
    expect(threads()).toBe(0);
    return [alone, report];
  };
  /** All but the paths, which have the day of the load. */
  const told = ({ parts, ...report }: BronzeReport): unknown => ({ ...report, parts: parts.map((part) => ({ ...part, path: '' })) });

  it.each<[string, string[][], Partial<BronzeLoad>]>([
    ['few dates, whose groups are made on the way', rowsOf(9_000, 3), { partitionBy: 'day', rowGroupBytes: 100_000 }],
    ['many dates, whose groups are made at the end', rowsOf(8_000, 400), { partitionBy: 'day' }],
    ['one file', rowsOf(9_000, 3), { rowGroupBytes: 200_000, sortBy: ['text'] }],
    ['rows larger than all memory', [...rowsOf(10, 2), ['1', dayOf(1), '1', 'l'.repeat(1_500_000)], ...rowsOf(10, 2)], { partitionBy: 'day' }],
    ['no rows', [], { partitionBy: 'day' }],
  ])('writes the same bytes: %s', async (_, rows, options) => {
    const [alone, report] = await both((each) => lake.copy(columns, copyRows(rows), { ...options, ...each }));
    expect(told(report)).toEqual(told(alone));
    expect(report.rows).toBe(rows.length);
  });

  it.each([
    ['on the way', rowsOf(9_000, 3), 300_000],
    ['at the end', rowsOf(8_000, 400), 900_000],
  ])('writes the same bytes when the thread is started late, %s; it is asked whether with the bytes that have come', async (_, rows, late) => {
    const asked: number[] = [];
    const threadWhen = (bytes: number): boolean => asked.push(bytes) > 0 && bytes >= late;
    const [alone, report] = await both((each) =>
      lake.copy(columns, copyRows(rows), { partitionBy: 'day', rowGroupBytes: 100_000, threadWhen, ...each }),
    );
    expect(told(report)).toEqual(told(alone));
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
    expect(asked.at(-1)).toBeGreaterThanOrEqual(late);
  });

  it('needs no thread where it is never said that it may start', async () => {
    const report = await lake.copy(columns, copyRows(rowsOf(3_000, 3)), {
      threads: 1,
      threadFile: new URL('file:///missing.mjs'),
      threadWhen: () => false,
    });
    expect(report.rows).toBe(3_000);
  });

  it('writes the same bytes where columns become wider while groups are on their way', async () => {
    const declared = [{ name: 'amount', type: { kind: 'int32' as const } }];
    const rows = rowsOf(9_000, 3).map(([id = '', day = '', , text = ''], n) => [id, day, n < 4_000 ? '7' : '7.25', text]);
    const [alone, report] = await both((each) =>
      lake.copy(columns, copyRows(rows), { columns: declared, partitionBy: 'day', rowGroupBytes: 50_000, ...each }),
    );
    expect(told(report)).toEqual(told(alone));
    expect(new Set(report.parts.map(({ schemaVersion }) => schemaVersion)).size).toBe(2);
  });

  it('writes the same bytes of records whose columns become wider and more', async () => {
    const [alone, report] = await both((each) => lake.records([recordsOf(6_000)], { rowGroupBytes: 40_000, ...each }));
    expect(told(report)).toEqual(told(alone));
    expect(new Set(report.parts.map(({ schemaVersion }) => schemaVersion)).size).toBeGreaterThan(1);
  });

  it('leaves the same rows out', async () => {
    const rows = rowsOf(9_000, 3).map((row, n) => (n % 1_000 === 17 ? row.map((field, at) => (at === 2 ? 'NaN' : field)) : row));
    const left: QuarantinedRow[][] = [];
    const [alone, report] = await both((each) => {
      const out: QuarantinedRow[] = [];
      left.push(out);
      const onQuarantined = (row: QuarantinedRow): void => void out.push(row);
      return lake.copy(columns, copyRows(rows), { contract: 'quarantine', onQuarantined, partitionBy: 'day', rowGroupBytes: 100_000, ...each });
    });
    expect(told(report)).toEqual(told(alone));
    expect([report.quarantined, left[0]?.length]).toEqual([9, 9]);
    expect(left[1]).toEqual(left[0]);
  });

  describe('that fails', () => {
    const failing = async (text: string, load: Partial<BronzeLoad>): Promise<unknown> => {
      let aborts = 0;
      const output = directoryOutput(lake.root, 'try');
      const abort = (): Promise<void> => output.abort().finally(() => aborts++);
      const error = await writeCopyText(
        lake.load({ threads: 1, threadFile, partitionBy: 'day', rowGroupBytes: 50_000, output: { ...output, abort }, ...load }),
        columns,
        [Buffer.from(text)],
      ).catch((reason: unknown) => reason);
      expect([aborts, threads()]).toEqual([1, 0]);
      return error;
    };
    const moduleOf = (text: string): URL => {
      const path = join(folder, 'broken.mjs');
      writeFileSync(path, text);
      return pathToFileURL(path);
    };

    it('says what it would say without one', async () => {
      expect(await failing(`${copyRows(rowsOf(3_000, 3))}1\t2016-01-01\n`, {})).toMatchObject({
        action: 'fatal',
        message: 'A row of COPY has 2 fields and not 4',
      });
      const misfit = copyRows([...rowsOf(3_000, 3), ['1', dayOf(1), 'NaN', '']]);
      expect(await failing(misfit, { contract: 'freeze' })).toMatchObject({
        message: expect.stringContaining('is decimal(12,2), and a value is not') as string,
      });
    });

    it('because it was cancelled leaves no thread', async () => {
      expect(await failing(copyRows(rowsOf(3_000, 3)), { signal: AbortSignal.abort() })).toMatchObject({ name: 'AbortError' });
    });

    it('because the thread can not be started, or ends, says so and does not go on without it', async () => {
      const text = copyRows(rowsOf(3_000, 3));
      const missing = pathToFileURL(join(folder, 'missing.mjs'));
      expect(await failing(text, { threadFile: missing })).toMatchObject({
        action: 'fatal',
        message: expect.stringMatching(/thread that encodes can't be started.*Cannot find module/) as string,
        where: missing.href,
      });
      expect(await failing(text, { threadFile: moduleOf('process.exit()') })).toMatchObject({
        action: 'retry',
        message: 'The thread that encodes has ended',
      });
      expect(await failing(text, { threadFile: moduleOf('throw new Error("no memory")') })).toMatchObject({
        message: expect.stringContaining('no memory') as string,
      });
    });
  });
});

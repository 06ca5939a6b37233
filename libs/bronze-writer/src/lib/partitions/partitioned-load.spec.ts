import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@loadin/pipeline';
import { copyRows, createLake, type Lake } from '../readers.fixture.js';
import { directoryOutput, writeCopyText, writeRecords, type BronzeLoad, type Output } from '../../index.js';
import type { OpenSpill } from './spill.js';

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'text', type: 'text' },
];
const dayOf = (n: number): string => new Date(Date.UTC(2016, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
/** Rows of some 100 bytes whose days are scattered. */
const rowsOf = (count: number, days: number, text = 'x'.repeat(80)): string[][] =>
  Array.from({ length: count }, (_, n) => [String(n), dayOf((n * 7) % days), `${text}${n}`]);
const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
    : [];

function outputInMemory(): { output: Output; objects: Map<string, Buffer>; mostOpen: () => number } {
  const objects = new Map<string, Buffer>();
  let [open, most] = [0, 0];
  const output: Output = {
    open(path) {
      const chunks: Uint8Array[] = [];
      most = Math.max(most, ++open);
      return Promise.resolve({
        write: (bytes) => Promise.resolve(void chunks.push(bytes)),
        close() {
          open--;
          objects.set(path, Buffer.concat(chunks));
          return Promise.resolve({ bytes: objects.get(path)?.length ?? 0, checksum: '' });
        },
      });
    },
    abort: () => Promise.resolve(),
  };
  return { output, objects, mostOpen: () => most };
}

describe('a load by event date', () => {
  let lake: Lake;
  let spillDirectory: string;
  beforeEach(() => {
    lake = createLake();
    spillDirectory = mkdtempSync(join(tmpdir(), 'loadin-spills-'));
  });
  afterEach(() => {
    lake.remove();
    rmSync(spillDirectory, { recursive: true });
  });
  const summary =
    "select count(*)::INT as rows, count(distinct id)::INT as ids, sum(id)::INT as sum, count(distinct event_date)::INT as dates from lake where day = event_date and text like '%' || id";

  it('has one file for each of 3,650 dates, with memory for 16 MiB of rows and one object open at a time', async () => {
    const { output, objects, mostOpen } = outputInMemory();
    const { parts, rows, spilledBytes } = await writeCopyText(
      lake.load({ output, partitionBy: 'day', memoryBytes: 2 ** 24, spillDirectory }),
      columns,
      [Buffer.from(copyRows(rowsOf(7_300, 3_650)))],
    );
    expect([rows, parts.length, objects.size, mostOpen()]).toEqual([7_300, 3_650, 3_650, 1]);
    expect(spilledBytes).toBeGreaterThan(0);
    expect(spilledBytes).toBeLessThan(7_300 * 120);
    expect(filesUnder(spillDirectory)).toEqual([]);
    // Rows that were spilled and rows that were not are in the file in the order in which they came.
    for (const day of [0, 1_000, 3_649]) {
      const path = join(lake.root, `${day}.parquet`);
      writeFileSync(path, objects.get(parts[day]?.path ?? '') ?? '');
      const ids = rowsOf(7_300, 3_650).flatMap(([id, date]) => (date === dayOf(day) ? [Number(id)] : []));
      expect(await lake.rows(`select id::INT as id from read_parquet('${path}')`)).toEqual(ids.map((id) => ({ id })));
    }
  }, 30_000);

  it('makes row groups of the largest dates when memory is short, in one file a date', async () => {
    const rows = rowsOf(6_000, 3, 'x'.repeat(1_000));
    const { parts, spilledBytes } = await lake.copy(columns, copyRows(rows), { partitionBy: 'day', memoryBytes: 3.2 * 2 ** 20, spillDirectory });
    expect(parts.map(({ rowGroups }) => rowGroups > 1)).toEqual([true, true, true]);
    // What was compressed waits in the spill file, not the rows.
    expect(spilledBytes).toBeLessThan(2_000_000);
    expect(await lake.rows(summary)).toEqual([{ rows: 6_000, ids: 6_000, sum: (6_000 * 5_999) / 2, dates: 3 }]);
    const [first] = parts;
    const ordered = await lake.rows(`select id::INT as id from read_parquet('${join(lake.root, first?.path ?? '')}') limit 100000`);
    expect(ordered.map(({ id }) => id)).toEqual(rows.filter(([, day]) => day === first?.eventDate).map(([id]) => Number(id)));
  });

  it.each([{ memoryBytes: 2 ** 20 }, { memoryBytes: 2 ** 22 }, { sortBy: ['text'] }])(
    'is the same bytes for the same rows, however they are cut into chunks: %j',
    async (options) => {
      const text = Buffer.from(copyRows(rowsOf(3_000, 8, 'y'.repeat(400))));
      const cut = (size: number): Uint8Array[] =>
        Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.subarray(n * size, (n + 1) * size));
      const [a, b] = [
        await lake.copy(columns, cut(65_536), { ...options, partitionBy: 'day', entity: 'a' }),
        await lake.copy(columns, cut(977), { ...options, partitionBy: 'day', entity: 'a', ingestionDate: '2026-03-02' }),
      ];
      expect(b.parts.map(({ checksum }) => checksum)).toEqual(a.parts.map(({ checksum }) => checksum));
    },
  );

  it('takes blocks whose rows were found already, with other bytes between them', async () => {
    const lines = copyRows(rowsOf(100, 3)).trimEnd().split('\n');
    const bytes = Buffer.from(lines.map((line) => `-head${line}\n`).join(''));
    const starts = Int32Array.from(lines, (_, n) => lines.slice(0, n).reduce((sum, line) => sum + line.length + 6, 5));
    const block = { bytes, count: lines.length, starts, ends: starts.map((start, n) => start + (lines[n]?.length ?? 0)) };
    await lake.copy(columns, [block], { partitionBy: 'day' });
    expect(await lake.rows(summary)).toEqual([{ rows: 100, ids: 100, sum: (100 * 99) / 2, dates: 3 }]);
  });

  it('begins another part when a file has its size', async () => {
    const { parts } = await lake.copy(columns, copyRows(rowsOf(5_000, 1)), { rowGroupBytes: 100_000, targetFileBytes: 60_000, compression: 'none' });
    expect(parts.map(({ path }) => path.slice(-51, -45))).toEqual(parts.map((_, n) => `-0000${n}`));
    expect(parts.length).toBeGreaterThan(3);
    expect(await lake.rows('select count(distinct id)::INT as ids, count(*)::INT as rows from lake')).toEqual([{ ids: 5_000, rows: 5_000 }]);
  });

  it('puts a row of many chunks together once', async () => {
    const text = Buffer.from(`1\t2026-01-01\t${'l'.repeat(2_000_000)}\n`);
    const chunks = Array.from({ length: Math.ceil(text.length / 128) }, (_, n) => text.subarray(n * 128, (n + 1) * 128));
    const before = process.cpuUsage();
    expect(await lake.copy(columns, chunks)).toMatchObject({ rows: 1 });
    expect(process.cpuUsage(before).user).toBeLessThan(2e6);
  });

  it('takes rows larger than a block, and larger than all memory', async () => {
    const texts = ['small', 'm'.repeat(100_000), 'l'.repeat(1_200_000), 'small again'];
    await lake.copy(columns, copyRows(texts.map((text, n) => [String(n), '2026-01-01', text])), { partitionBy: 'day', memoryBytes: 2 ** 20 });
    expect(await lake.rows('select text from lake order by id')).toEqual(texts.map((text) => ({ text })));
  });

  it('puts rows without a day of the calendar into the default partition', async () => {
    const days = ['2026-01-01', null, 'infinity', '0044-03-15 BC', '10000-01-01', '9999-12-31'];
    const { parts } = await lake.copy(columns, copyRows(days.map((day, n) => [String(n), day, ''])), { partitionBy: 'day' });
    expect(parts.map(({ eventDate, rows }) => [eventDate, rows])).toEqual([
      ['2026-01-01', 1],
      ['9999-12-31', 1],
      [null, 4],
    ]);
    expect(parts.at(-1)?.path).toContain('/event_date=__HIVE_DEFAULT_PARTITION__/');
  });

  it('sorts the rows of a row group by several columns, nulls last, and says so in the file', async () => {
    const values: JsonObject[] = [3, 1, null, 2, 1, -5].map((a, n) => ({ a, b: n % 2 === 0 ? 'ä' : 'z', n }));
    const { parts } = await lake.records(values, { sortBy: ['a', 'b'] });
    const path = join(lake.root, parts[0]?.path ?? '');
    expect((await lake.rows(`select n from read_parquet('${path}')`)).map(({ n }) => Number(n))).toEqual([5, 1, 4, 3, 0, 2]);
  });

  describe('that fails', () => {
    const failing = async (load: Partial<BronzeLoad>, text: string, openSpill?: OpenSpill): Promise<unknown> => {
      const output = directoryOutput(lake.root, 'try');
      return writeCopyText(lake.load({ ...load, output, spillDirectory }), columns, [Buffer.from(text)], openSpill).catch((error: unknown) => error);
    };

    it('on a disk that is full while spilling says so, and leaves nothing behind', async () => {
      let removed = 0;
      // The kernel's own full device.
      const full: OpenSpill = () => ({ descriptor: openSync('/dev/full', 'r+'), remove: () => removed++ });
      const error = await failing({ partitionBy: 'day', memoryBytes: 2 ** 20 }, copyRows(rowsOf(20_000, 500)), full);
      expect(error).toMatchObject({ action: 'retry', where: spillDirectory, message: expect.stringContaining('The disk is full') as string });
      expect(removed).toBe(1);
      expect([...filesUnder(lake.root), ...filesUnder(spillDirectory)]).toEqual([]);
    });

    it.each<[string, Partial<BronzeLoad>, string, RegExp]>([
      ['at a row with too few fields', {}, '1\t2026-01-01\n', /has 2 fields and not 3/],
      ['at a row with too many fields', {}, '1\t2026-01-01\tx\ty\n', /has 4 fields and not 3/],
      ['at text that ends inside a row', {}, '1\t2026-01-01\tx', /ends inside a row/],
      ['for a partition column that is not there', { partitionBy: 'date' }, '', /no column "date" to partition by/],
      ['for a sort column that is not there', { sortBy: ['date'] }, '', /no column "date" to sort by/],
      ['for a load that is no load', { entity: '../x', ingestionDate: 'today', ingestionTs: 'now' }, '', /entity.*ingestionDate.*ingestionTs/],
      ['for a day that is none', { ingestionDate: '2026-02-29' }, '', /ingestionDate "2026-02-29"/],
      ['for an instant without a zone', { ingestionTs: '2026-03-01T02:00:00' }, '', /ingestionTs/],
      ['for a compression that is none', { compression: 'gzip' as never, compressionLevel: 99 }, '', /compression "gzip".*compressionLevel/],
      ['for a quarantine without a place', { contract: 'quarantine' }, '', /needs onQuarantined/],
    ])('%s has a message for people and no files', async (_, load, text, message) => {
      const complete = copyRows(rowsOf(300, 3));
      expect(await failing({ rowGroupBytes: 1_000, ...load }, complete + text)).toMatchObject({
        action: 'fatal',
        message: expect.stringMatching(message) as string,
      });
      expect(filesUnder(lake.root)).toEqual([]);
    });

    it('before it begins, or while it gives up, still says why, and has aborted the output', async () => {
      let aborts = 0;
      const output: Output = { ...outputInMemory().output, abort: () => Promise.reject(new Error(`the store is away ${++aborts}`)) };
      const twice = [...columns, { name: 'id', type: 'text' }];
      const error = await writeCopyText(lake.load({ output }), twice, []).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ action: 'fatal', message: 'There are two columns "id"', suppressed: { message: 'the store is away 1' } });
      const declared = [columns, columns].flat().map(({ name }) => ({ name }));
      await expect(writeRecords(lake.load({ output, columns: declared }), [])).rejects.toThrow('There are two columns "id"');
      expect(aborts).toBe(2);
    });

    it('because it was cancelled has no files', async () => {
      expect(await failing({ signal: AbortSignal.abort() }, copyRows(rowsOf(300, 3)))).toMatchObject({ name: 'AbortError' });
      expect(filesUnder(lake.root)).toEqual([]);
    });
  });
});

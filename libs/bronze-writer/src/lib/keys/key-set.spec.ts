import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createKeySorter, keyOf, openKeyFile, readKeySet, type Digests, type SortedKeys } from '../../index.js';
import { createLake, duckdb, hyparquet } from '../readers.fixture.js';
import { createKeyRoom, digestsOf, KEY, keyDigest, rowHash, type KeyRoom, type Row } from './keys.fixture.js';

interface Read {
  readonly key: readonly (string | null)[];
  readonly digest: string;
  readonly hash: string;
}

const hex = (bytes: Uint8Array, row: number): string => Buffer.from(bytes.subarray(row * 16, row * 16 + 16)).toString('hex');
const rowsOf = (digests: Digests): Read[] =>
  Array.from({ length: digests.count }, (_, row) => ({ key: keyOf(digests, row), digest: hex(digests.keys, row), hash: hex(digests.hashes, row) }));
async function all(keys: SortedKeys): Promise<Read[]> {
  const found: Read[] = [];
  for await (const block of keys.blocks()) found.push(...rowsOf(block));
  return found;
}
const expected = (rows: readonly Row[]): Read[] =>
  rows
    .map((row) => ({ key: row.slice(0, 2), digest: keyDigest(row), hash: rowHash(row) }))
    .sort((a, b) => (a.digest + a.hash < b.digest + b.hash ? -1 : 1));

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('', '"', '\\', '\n\t', 'null', '\\N', 'é', '\u{1F3B5}', 'x'.repeat(300)),
);
const plain = text.map((each) => each.replaceAll('\0', ''));
const row = fc.tuple(fc.integer({ min: -20, max: 20 }).map(String), fc.option(plain), plain);

describe('a key set', () => {
  let room: KeyRoom;
  beforeEach(() => (room = createKeyRoom()));
  afterEach(() => room.remove());

  it('has a digest for the key and the hash of the record, whatever is in the texts', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        expect(rowsOf(digestsOf(rows))).toEqual(rows.map((each) => ({ key: each.slice(0, 2), digest: keyDigest(each), hash: rowHash(each) })));
      }),
    );
  });

  it('is sorted by digest and hash, however many runs it takes, and read again as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 300 }), fc.constantFrom(200, 2_000, 1_000_000), async (rows, memoryBytes) => {
        await room.sorted(
          rows,
          async (sorted) => {
            expect(await all(sorted)).toEqual(expected(rows));
            await room.write('a.parquet', sorted);
          },
          memoryBytes,
        );
        expect(await room.read('a.parquet', all)).toEqual(expected(rows));
      }),
      { numRuns: 30 },
    );
  });

  it.each(['zstd', 'none'] as const)('is a Parquet file (%s) that hyparquet reads', async (compression) => {
    const rows = Array.from({ length: 2_000 }, (_, n): Row => [String(n), n % 3 === 0 ? null : `r${n % 7}`, `text ${n}`]);
    await room.sorted(rows, (sorted) => room.write('b.parquet', sorted, { compression }));
    const found = await hyparquet(join(room.root, 'b.parquet'));
    expect(found.map(({ id, region }) => [id, region ?? null])).toEqual(expected(rows).map(({ key }) => key));
  });

  it('is a Parquet file that DuckDB reads, and makes the same digests and hashes of, in row groups that are sorted one behind the other', async () => {
    const rows = Array.from({ length: 70_000 }, (_, n): Row => [String(n), n % 3 === 0 ? null : `r${n % 7}`, `text ${n}`]);
    await room.sorted(rows, (sorted) => room.write('b.parquet', sorted), 500_000);
    const path = join(room.root, 'b.parquet');
    const region = `coalesce('"' || region || '"', 'null')`;
    expect(
      await duckdb(`select count(*)::INT as n, count(distinct id)::INT as ids, count(region)::INT as regions,
        bool_and(lower(hex(key_digest)) = md5(to_json([id, region])::VARCHAR)) as digests,
        bool_and(lower(hex(record_hash)) = md5('{"id":' || id || ',"region":' || ${region} || ',"text":"text ' || id || '"}')) as hashes,
        bool_and(before is null or before < key_digest) as sorted
        from (select *, lag(key_digest) over () as before from read_parquet('${path}'))`),
    ).toEqual([{ n: 70_000, ids: 70_000, regions: 46_666, digests: true, hashes: true, sorted: true }]);
    expect(await duckdb(`select count(distinct row_group_id)::INT as groups from parquet_metadata('${path}')`)).toEqual([{ groups: 2 }]);
    const blocks = await room.read('b.parquet', async (keys) => {
      const counts: number[] = [];
      for await (const { count } of keys.blocks()) counts.push(count);
      return { key: keys.key, rows: keys.rows, counts };
    });
    expect(blocks).toEqual({ key: KEY, rows: 70_000, counts: [65_536, 4_464] });
  });

  it('has all rows of a key, and says of how many keys there are several', async () => {
    const rows: Row[] = [
      ['1', 'a', 'x'],
      ['1', 'a', 'y'],
      ['2', null, 'x'],
      ['1', 'a', 'x'],
      ['3', 'b', ''],
      ['2', null, 'x'],
    ];
    const written = await room.sorted(rows, (sorted) => room.write('c.parquet', sorted));
    expect(written).toMatchObject({ rows: 6, duplicates: { keys: 2, rows: 3 } });
    expect([...written.duplicates.examples].sort()).toEqual([
      ['1', 'a'],
      ['2', null],
    ]);
    expect(await room.read('c.parquet', all)).toEqual(expected(rows));
  });

  it('may be empty', async () => {
    await room.sorted([], (sorted) => room.write('d.parquet', sorted));
    expect(await duckdb(`select * from read_parquet('${join(room.root, 'd.parquet')}')`)).toEqual([]);
    expect(await room.read('d.parquet', all)).toEqual([]);
  });

  it('merges runs in several passes, and leaves nothing on the disk', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n): Row => [String(n % 2_900), null, '']);
    const found = await room.sorted(rows, all, 500);
    expect(found).toEqual(expected(rows));
    expect(readdirSync(join(room.root, 'spill'))).toEqual([]);
  });

  it('is the same bytes for the same rows in another order', async () => {
    const rows = Array.from({ length: 2_000 }, (_, n): Row => [String(n), `r${n}`, 'x']);
    const a = await room.sorted(rows, (sorted) => room.write('e.parquet', sorted), 10_000);
    const b = await room.sorted([...rows].reverse(), (sorted) => room.write('f.parquet', sorted), 1_000_000);
    expect(b.checksum).toBe(a.checksum);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['too short', (bytes) => bytes.subarray(0, 10)],
    ['cut', (bytes) => bytes.subarray(0, -20)],
    ['no Parquet', (bytes) => Buffer.alloc(bytes.length, 7)],
    ['damaged in its metadata', (bytes) => Buffer.concat([bytes.subarray(0, -200), Buffer.alloc(180, 0xee), bytes.subarray(-20)])],
    ['damaged in its pages', (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(600, 0xee), bytes.subarray(604)])],
  ])('that is %s is told, with what to do', async (_, damage) => {
    const rows = Array.from({ length: 200 }, (_, n): Row => [String(n), `r${n}`, 'x']);
    await room.sorted(rows, (sorted) => room.write('g.parquet', sorted));
    const path = join(room.root, 'g.parquet');
    writeFileSync(path, damage(readFileSync(path)));
    await expect(room.read('g.parquet', all)).rejects.toMatchObject({
      action: 'fatal',
      where: 'g.parquet',
      message: expect.stringMatching(/^This is no file of keys: /) as string,
      hint: expect.stringContaining('Move it away') as string,
    });
  });

  it('whose rows are not in order is told: keys would be taken for gone that are there', async () => {
    const rows = Array.from({ length: 10 }, (_, n): Row => [String(n), null, '']);
    const { keys, ...rest } = digestsOf(rows);
    await room.write(
      'i.parquet',
      { key: KEY, rows: 10, blocks: () => [{ ...rest, keys: keys.slice().fill(0xff, 32, 48) }] },
      { compression: 'none' },
    );
    await expect(room.read('i.parquet', all)).rejects.toThrow('This is no file of keys: its rows are not in order');
  });

  it('with bytes that were changed is told, or read, whatever they are', async () => {
    const rows = Array.from({ length: 40 }, (_, n): Row => [String(n), n % 2 === 0 ? null : 'r', '']);
    await room.sorted(rows, (sorted) => room.write('h.parquet', sorted));
    const bytes = readFileSync(join(room.root, 'h.parquet'));
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        const file = { bytes: changed.length, read: (start: number, end: number) => Promise.resolve(changed.slice(start, end)) };
        const read = await readKeySet(file, 'h')
          .then(all)
          .catch((error: unknown) => error);
        if (!Array.isArray(read)) expect(read).toMatchObject({ action: 'fatal', message: expect.stringContaining('no file of keys') as string });
      }),
      { numRuns: 400 },
    );
  });

  it('of an entity is not taken from a file of data', async () => {
    const lake = createLake();
    const { parts } = await lake.records([{ id: 1 }]);
    const file = await openKeyFile(join(lake.root, parts[0]?.path ?? ''));
    await expect(readKeySet(file, 'x')).rejects.toThrow('it does not say what the key is');
    await file.close();
    lake.remove();
  });

  it('that finds a full disk says so', () => {
    let removed = 0;
    // The kernel's own full device.
    const full = (): { descriptor: number; remove(): void } => ({ descriptor: openSync('/dev/full', 'r+'), remove: () => removed++ });
    const sorter = createKeySorter({ key: KEY, memoryBytes: 100, spillDirectory: room.root }, full);
    const rows: Row[] = [
      ['1', 'a', 'x'],
      ['2', 'a', 'y'],
      ['3', 'a', 'z'],
    ];
    expect(() => sorter.add(digestsOf(rows))).toThrow('The disk is full');
    sorter.close();
    expect(removed).toBe(1);
  });

  it('takes no more rows once it was sorted', async () => {
    const rows: Row[] = [['1', 'a', 'x']];
    const sorter = createKeySorter({ key: KEY });
    sorter.add(digestsOf(rows));
    const sorted = sorter.sorted();
    expect(() => sorter.add(digestsOf(rows))).toThrow('nothing can be added');
    expect([await all(sorted), await all(sorted)]).toEqual([expected(rows), expected(rows)]);
    sorter.close();
  });
});

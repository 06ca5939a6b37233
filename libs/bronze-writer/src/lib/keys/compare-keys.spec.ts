import fc from 'fast-check';
import type { JsonObject } from '@loadin/pipeline';
import { compareKeys, createKeySorter, recordDigests, type GoneKeys, type KeyChanges, type SortedKeys } from '../../index.js';
import { createKeyRoom, keyDigest, rowHash, type KeyRoom, type Row } from './keys.fixture.js';

interface Compared {
  readonly pages: GoneKeys[];
  readonly gone: (readonly (string | null)[])[];
  readonly changes: KeyChanges;
}

async function compared(earlier: SortedKeys, present: SortedKeys): Promise<Compared> {
  const pages: GoneKeys[] = [];
  const comparison = compareKeys(earlier, present);
  for (;;) {
    const { done, value } = await comparison.next();
    if (done === true) return { pages, gone: pages.flatMap(({ gone }) => gone), changes: value };
    pages.push(value);
  }
}

/** How often each value is there. */
function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The same by plain maps. */
function model(before: readonly Row[], now: readonly Row[]): { gone: Set<string>; changes: Omit<KeyChanges, 'duplicates'> & { duplicates: object } } {
  const [keysBefore, keysNow] = [counted(before.map(keyDigest)), counted(now.map(keyDigest))];
  const pair = (row: Row): string => keyDigest(row) + rowHash(row);
  const [pairsBefore, pairsNow] = [counted(before.map(pair)), counted(now.map(pair))];
  const gone = new Set([...keysBefore.keys()].filter((key) => !keysNow.has(key)));
  const same = [...pairsNow].reduce((sum, [each, count]) => sum + Math.min(count, pairsBefore.get(each) ?? 0), 0);
  const added = [...keysNow].reduce((sum, [key, count]) => sum + (keysBefore.has(key) ? 0 : count), 0);
  const twice = [...keysNow.values()].filter((count) => count > 1);
  const duplicates = { keys: twice.length, rows: twice.reduce((sum, count) => sum + count - 1, 0) };
  return { gone, changes: { gone: gone.size, same, added, changed: now.length - same - added, duplicates } };
}

const row: fc.Arbitrary<Row> = fc.tuple(fc.integer({ min: 0, max: 30 }).map(String), fc.constantFrom('a', null), fc.constantFrom('x', 'y'));

describe('the comparison of key sets', () => {
  let room: KeyRoom;
  beforeEach(() => (room = createKeyRoom()));
  afterEach(() => room.remove());

  it('finds what is gone, changed, the same and new, as plain maps do', async () => {
    const rows = fc.array(row, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, now) => {
        await room.sorted(before, (sorted) => room.write('before.parquet', sorted));
        const found = await room.read('before.parquet', (earlier) => room.sorted(now, (present) => compared(earlier, present), 500));
        const { gone, changes } = model(before, now);
        expect(found.changes).toMatchObject(changes);
        const digests = found.pages.flatMap((page) =>
          page.gone.map((_, n) => Buffer.from(page.digests.subarray(n * 16, n * 16 + 16)).toString('hex')),
        );
        expect(digests).toEqual([...gone].sort());
        const keys = new Map(before.map((each) => [keyDigest(each), each.slice(0, 2)]));
        expect(found.gone).toEqual(digests.map((digest) => keys.get(digest)));
      }),
      { numRuns: 60 },
    );
  });

  it('gives keys that are gone in pages, so that a table that was emptied needs no more memory', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n): Row => [String(n), null, '']);
    const { pages, changes } = await room.sorted(rows, (earlier) => room.sorted([], (present) => compared(earlier, present)));
    expect(pages.map(({ gone, digests }) => [gone.length, digests.length])).toEqual([
      [1_000, 16_000],
      [1_000, 16_000],
      [500, 8_000],
    ]);
    expect(changes).toMatchObject({ gone: 2_500, same: 0, changed: 0, added: 0 });
  });

  it('names some of the keys that the source has more than once, each of which counts as one that is there', async () => {
    const before: Row[] = [
      ['1', null, 'x'],
      ['2', null, 'x'],
    ];
    const now: Row[] = [
      ['1', null, 'x'],
      ['1', null, 'x'],
      ['1', null, 'y'],
    ];
    const { gone, changes } = await room.sorted(before, (earlier) => room.sorted(now, (present) => compared(earlier, present)));
    expect(gone).toEqual([['2', null]]);
    expect(changes).toEqual({ gone: 1, same: 1, changed: 2, added: 0, duplicates: { keys: 1, rows: 2, examples: [['1', null]] } });
  });

  it('knows a key of JSON by its text, whatever its type has become', async () => {
    const before: JsonObject[] = [{ id: 1, n: 1 }, { id: true }];
    const now: JsonObject[] = [{ id: '1', n: 1 }, { id: 'true' }, {}];
    const sorters = [before, now].map((records) => {
      const sorter = createKeySorter({ key: ['id'] });
      sorter.add(recordDigests(['id'])(records));
      return sorter;
    });
    const [earlier, present] = sorters.map((sorter) => sorter.sorted());
    expect((await compared(earlier as SortedKeys, present as SortedKeys)).changes).toMatchObject({ gone: 0, changed: 2, same: 0, added: 1 });
    sorters.forEach((sorter) => sorter.close());
  });

  it('refuses sets of other columns', async () => {
    const other: SortedKeys = { key: ['region', 'id'], rows: 0, blocks: () => [] };
    await expect(room.sorted([], (present) => compared(other, present))).rejects.toMatchObject({
      action: 'fatal',
      message: 'The earlier key set is of (region, id) and the present one of (id, region)',
    });
  });
});

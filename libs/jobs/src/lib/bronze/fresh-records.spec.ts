import { createKeySorter, recordDigests, type KeySorter } from '@loadin/bronze-writer';
import type { JsonObject } from '@loadin/pipeline';
import { createFreshRecords, type FreshPage } from './fresh-records.js';

const digestsOf = recordDigests(['id']);
const payment = (id: number, amount = id): JsonObject => ({ id: `p${id}`, amount, note: null });

/** What an earlier load has kept. */
function kept(records: readonly JsonObject[]): KeySorter {
  const sorter = createKeySorter({ key: ['id'] });
  sorter.add(digestsOf(records));
  return sorter;
}

/** All records that come of pages, in the order of their ids and amounts, each with its hash. */
async function freshOf(pages: readonly (readonly JsonObject[])[], delivered: readonly JsonObject[] | undefined, rowsInMemory: number) {
  const sorter = delivered && kept(delivered);
  const records = await createFreshRecords(sorter?.sorted(), { rowsInMemory });
  const all: FreshPage[] = pages.map((page) => records.of(page, digestsOf(page)));
  let waited = 0;
  for await (const page of records.waiting()) {
    waited += page.fresh.records.length;
    all.push(page);
  }
  records.close();
  sorter?.close();
  const found = all.flatMap(({ fresh }) =>
    fresh.records.map((record, n): JsonObject => ({ ...record, hash: Buffer.from(fresh.hashes.subarray(n * 16, n * 16 + 16)).toString('hex') })),
  );
  const name = ({ id, amount }: JsonObject): string => `${String(id).padStart(9, '0')} ${String(amount)}`;
  found.sort((a, b) => (name(a) < name(b) ? -1 : 1));
  return { found, dropped: all.reduce((sum, page) => sum + page.dropped, 0), waited };
}

const range = (from: number, to: number, amount?: number): JsonObject[] => Array.from({ length: to - from }, (_, n) => payment(from + n, amount));

describe('records that are fresh', () => {
  /** Pages overlap; some records are as they were delivered, some have changed. */
  const pages = [range(0, 200), range(150, 400), [...range(390, 450), ...range(0, 20, -1)], range(440, 600)];
  const delivered = range(100, 300);

  it.each([
    ['more than there is room for, from the first page on', 100],
    ['more than there is room for in the middle of a page', 350],
    ['none at all in memory', 0],
  ])('are the same when they wait on the disk: %s', async (_, rowsInMemory) => {
    const [inMemory, onDisk] = [await freshOf(pages, delivered, 1e6), await freshOf(pages, delivered, rowsInMemory)];
    expect([inMemory.waited, onDisk.waited > 0]).toEqual([0, true]);
    expect({ ...onDisk, waited: 0 }).toEqual(inMemory);
    // 600 payments, less 200 that were delivered, and 20 that have changed; the pages have 690 records.
    expect([inMemory.found.length, inMemory.dropped]).toEqual([420, 270]);
  });

  it('are those of one load alone when nothing was delivered before', async () => {
    const [inMemory, onDisk] = [await freshOf(pages, undefined, 1e6), await freshOf(pages, undefined, 50)];
    expect({ ...onDisk, waited: 0 }).toEqual(inMemory);
    expect(inMemory.found).toHaveLength(620);
  });

  it('come from the disk as they were, to the sign of zero', async () => {
    const record = { id: 'p1', amount: -0, deep: { list: [1.5, -0, 'ü', null] } };
    const { found } = await freshOf([[record]], undefined, 0);
    expect(found).toEqual([{ ...record, hash: expect.any(String) as string }]);
    expect(Object.is(found[0]?.['amount'], -0)).toBe(true);
  });
});

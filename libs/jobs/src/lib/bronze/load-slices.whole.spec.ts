import { createRecordingLogger } from '@loadin/testing';
import { connectTo, startServers, type Servers, type Shop } from './bronze.fixture.js';
import { lakeSum, latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';
import type { BronzeTable } from './types.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

/** Four slices, of a table that is small. */
const SLICES = { slices: 4, sliceRows: 100 } satisfies Partial<BronzeTable>;
const openAnalysed = async (rows: number, entity: Partial<BronzeTable> = {}): Promise<Shop> => {
  const shop = await openOrders(servers, rows, { ...SLICES, ...entity });
  await shop.sql.query('ANALYZE orders');
  return shop;
};
const datesOf = ({ objects }: Awaited<ReturnType<Shop['load']>>) =>
  objects.map(({ uri, records }) => [/load_type=\w+\/event_date=[^/]+\/part-\d+/.exec(uri)?.[0], records]);

describe('a table that is read in slices', () => {
  it('is loaded as if it were read by one connection: the same rows, files, bound and look-back, in full and by what has changed', async () => {
    const shops = [await openAnalysed(8_000), await openAnalysed(8_000, { slices: 1 })];
    const said: unknown[] = [];
    for (const shop of shops) {
      const logger = createRecordingLogger();
      const reads: unknown[] = [];
      const load = async (at: string): Promise<void> => {
        const loaded = await shop.load({ at, options: { logger } });
        reads.push([loaded.read, loaded.deduplicated, loaded.reached, loaded.notes, datesOf(loaded)]);
      };
      await load('2024-03-01T02:00:00Z');
      await shop.sql.query(
        `UPDATE orders SET note = 'changed', updated_at = '2024-03-01 02:30Z'::timestamptz + id * interval '1 ms' WHERE id % 4 = 0; DELETE FROM orders WHERE id = 1; ANALYZE orders`,
      );
      await load('2024-03-01T03:00:00Z');
      await load('2024-03-01T04:00:00Z');
      reads.push(await lakeSum(shop), await latestSum(shop), await twice(shop));
      said.push([reads, logger.lines.filter(({ message }) => message === 'The table is read in slices').length]);
      await shop.close();
    }
    const [[sliced, times], [single, none]] = said as [[unknown[], number], [unknown[], number]];
    expect(sliced).toEqual(single);
    expect(sliced[0]).toEqual([
      8_000,
      0,
      ['2024-02-28T02:13:20Z'],
      [],
      [
        [expect.any(String), 4_000],
        [expect.any(String), 4_000],
      ],
    ]);
    expect([times, none]).toEqual([3, 0]);
  });

  it('is compared with the last load by key and hash, and finds what is gone', async () => {
    const shop = await openAnalysed(5_000, { cursor: undefined, hardDeletes: true });
    await shop.load();
    await shop.sql.query(
      `UPDATE orders SET total = -1 WHERE id % 1000 = 0; DELETE FROM orders WHERE id % 1000 = 1; INSERT INTO orders VALUES (9000, 1, 'new', NULL, now())`,
    );
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 4_996 + 5, deduplicated: 4_990 });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ deduplicated: 4_996, objects: [] });
    await shop.close();
  });

  it('loses nothing, and brings nothing twice, while it is written to and its connections are ended', async () => {
    const shop = await openAnalysed(8_000);
    const writer = await connectTo(shop.url);
    let ended = 0;
    let loads = 0;
    const onProgress = ({ read }: { readonly read: number }): void => {
      if (read < 1_000 || ended === loads) return;
      ended = loads;
      // One slice of each load; and of the third all, with the state that they share.
      const which = loads === 3 ? '' : `AND query LIKE 'COPY%' LIMIT 1`;
      void writer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'loadin' ${which}`,
      );
      void writer.query(`UPDATE orders SET note = 'at ${loads}', updated_at = now() WHERE id % 7 = ${loads}`);
    };
    for (let hour = 3; hour < 7; hour += 1) {
      loads += 1;
      await shop.sql.query(`UPDATE orders SET total = total + 1, updated_at = '2024-03-01T0${hour}:00Z'::timestamptz - id * interval '100 ms'`);
      await shop.load({ at: `2024-03-01T0${hour}:00:00Z`, options: { onProgress } });
    }
    await writer.query('SELECT 1');
    // What was written meanwhile has the time of now.
    await shop.load({ at: new Date().toISOString() });
    expect(ended).toBe(4);
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await writer.end();
    await shop.close();
  });

  it('takes no row for gone that has changed between its slice, whose state was lost, and the last one: its number has no bound', async () => {
    const versioned = { cursor: 'version', cursorKind: 'number', eventDate: undefined, hardDeletes: true } satisfies Partial<BronzeTable>;
    const shop = await openAnalysed(1_600, versioned);
    await shop.sql.query('ALTER TABLE orders ADD version bigint; UPDATE orders SET version = id; ALTER TABLE orders ALTER version SET NOT NULL');
    await shop.load();
    // The first of four slices is on its way for long.
    await shop.sql.query(`UPDATE orders SET note = repeat('x', 40000) WHERE id <= 400; ANALYZE orders`);
    const writer = await connectTo(shop.url);
    let ended: Promise<{ rowCount: number | null }> | undefined;
    const onProgress = ({ read }: { readonly read: number }): void => {
      // It has its second turn: the three others had all of theirs in the first, and have ended.
      if (read < 1_212 || ended !== undefined) return;
      void writer.query(`UPDATE orders SET version = 7000, note = 'changed' WHERE id = 400`);
      ended = writer.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'loadin'`,
      );
    };
    await shop.load({ at: '2024-03-01T03:00:00Z', fullRefresh: true, options: { onProgress } });
    // The slice that is on its way, and the state; a process of the others may still be about to go.
    expect((await ended)?.rowCount).toBeGreaterThan(1);
    const states = () => shop.rows(`select note = 'changed' as changed, deleted from lake where id = 400 order by _ingestion_ts`);
    expect(await states()).toEqual([{ changed: false, deleted: false }]);
    await shop.load({ at: '2024-03-01T04:00:00Z' });
    expect(await states()).toEqual([
      { changed: false, deleted: false },
      { changed: true, deleted: false },
    ]);
    await writer.end();
    await shop.close();
  });
});

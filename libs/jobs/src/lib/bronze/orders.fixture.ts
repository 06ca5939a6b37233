import { openShop, type Row, type Servers, type Shop } from './bronze.fixture.js';
import type { BronzeTable } from './types.js';

const ORDERS = (rows: number): string => `
  CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2), note text, ordered_at timestamptz, updated_at timestamptz NOT NULL);
  INSERT INTO orders SELECT n, n * 1.25, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END, timestamptz '2024-02-01 00:00Z' + n % 2 * interval '1 day',
    timestamptz '2024-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, ${rows}) n`;

/** A table of orders, one a second from 2024-02-28 00:00:01 on. Default: with its time of change as cursor. */
export const openOrders = (servers: Servers, rows: number, entity: Partial<BronzeTable> = {}): Promise<Shop> =>
  openShop(servers, ORDERS(rows), { table: 'orders', key: ['id'], cursor: 'updated_at', eventDate: 'ordered_at', ...entity });

/** Rows and a hash of their values, by an expression that both databases print alike. */
const SUM = (microseconds: string): string =>
  `select count(*)::int as rows, md5(string_agg(concat_ws('|', id, total, coalesce(note, '~'), ${microseconds}), ',' order by id)) as hash`;

/** What the source has. */
export const sourceSum = async ({ sql }: Shop): Promise<Row> =>
  (await sql.query<Row>(`${SUM('(extract(epoch from updated_at) * 1000000)::bigint')} from orders`)).rows[0] as Row;

/** What a reader has who takes the latest row of each key, without those that are deleted. */
export const latestSum = (shop: Shop): Promise<Row> =>
  lakeSum(shop, `(from (from lake qualify row_number() over (partition by id order by _ingestion_ts desc, updated_at desc) = 1) where not deleted)`);

/** What is in all of bronze, or in a part of it. */
export const lakeSum = async ({ rows }: Shop, of = 'lake'): Promise<Row> => (await rows(`${SUM('epoch_us(updated_at)')} from ${of}`))[0] as Row;

/** Rows of which an equal one was delivered too. */
export const twice = async ({ rows }: Shop): Promise<Row[]> =>
  rows('select id::int as id, count(*)::int as n from lake where not deleted group by id, _record_hash having count(*) > 1 order by id');

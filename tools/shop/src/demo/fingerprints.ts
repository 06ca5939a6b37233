import type { Client } from 'pg';
import { SHOP_TABLES, type ShopTable } from '../types.js';
import type { Lake } from './lake.js';

/** What is compared of each table: columns as texts, of times their microseconds; and its order. */
const COMPARED: Readonly<Record<ShopTable, { readonly texts: readonly string[]; readonly times: readonly string[]; readonly key: string }>> = {
  customers: { texts: ['id', 'name', 'email', 'tier', 'credit_limit'], times: ['created_at', 'updated_at', 'deleted_at'], key: 'id' },
  products: { texts: ['id', 'sku', 'title', 'price'], times: ['updated_at'], key: 'id' },
  inventory: { texts: ['warehouse', 'product_id', 'quantity', 'reserved', 'shelf', 'counted_on'], times: [], key: 'warehouse, product_id' },
  orders: { texts: ['id', 'customer_id', 'status', 'currency', 'total', 'tax_rate', 'notes'], times: ['placed_at', 'updated_at'], key: 'id' },
  order_items: { texts: ['order_id', 'line', 'product_id', 'quantity', 'unit_price', 'discount'], times: ['updated_at'], key: 'order_id, line' },
};

export interface Fingerprint {
  readonly rows: number;
  /** MD5 of all compared values in the order of the key. */
  readonly digest: string;
}

export type Fingerprints = Readonly<Record<ShopTable, Fingerprint>>;

/** The same question in both dialects; only the microseconds of a time are asked for in another way. */
const question = (table: ShopTable, microseconds: (time: string) => string): string => {
  const { texts, times, key } = COMPARED[table];
  const values = [...texts, ...times.map(microseconds)].map((value) => `coalesce(CAST(${value} AS text), '-')`);
  return `SELECT count(*) AS rows, md5(string_agg(${values.join(" || '|' || ")}, chr(10) ORDER BY ${key})) AS digest FROM ${table}`;
};

export async function fingerprintsOfShop(client: Client): Promise<Fingerprints> {
  return collected(
    async (table) => (await client.query<RowOf>(question(table, (time) => `CAST(extract(epoch FROM ${time}) * 1000000 AS bigint)`))).rows[0],
  );
}

export async function fingerprintsOfLake(lake: Lake): Promise<Fingerprints> {
  return collected(async (table) => (await lake.query(question(table, (time) => `epoch_us(${time})`)))[0]);
}

type RowOf = Readonly<Record<string, string | null>>;

async function collected(ask: (table: ShopTable) => Promise<RowOf | undefined>): Promise<Fingerprints> {
  const found: [ShopTable, Fingerprint][] = [];
  for (const table of SHOP_TABLES) {
    const row = await ask(table);
    found.push([table, { rows: Number(row?.['rows']), digest: row?.['digest'] ?? '' }]);
  }
  return Object.fromEntries(found) as Record<ShopTable, Fingerprint>;
}

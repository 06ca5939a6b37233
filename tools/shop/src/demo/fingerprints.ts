import type { Client } from 'pg';
import { SHOP_TABLES, type ShopTable } from '../types.js';
import type { Lake } from './lake.js';

/** The columns that are compared of each table, all that it has from its beginning, by how their values are made the same text in both dialects; and its order. */
interface Compared {
  readonly key: string;
  /** What both print alike. */
  readonly texts: readonly string[];
  readonly times?: readonly string[];
  readonly lists?: readonly string[];
  readonly bytes?: readonly string[];
  readonly floats?: readonly string[];
}

const COMPARED: Readonly<Record<ShopTable, Compared>> = {
  customers: {
    key: 'id',
    texts: ['id', 'public_id', 'name', 'email', 'tier', 'address', 'credit_limit', 'newsletter', 'born'],
    times: ['created_at', 'updated_at', 'deleted_at'],
    lists: ['tags'],
  },
  products: {
    key: 'id',
    texts: ['id', 'sku', 'title', 'price', 'attributes'],
    times: ['created_at', 'updated_at'],
    lists: ['sizes'],
    bytes: ['thumbnail'],
    floats: ['weight_kg'],
  },
  inventory: { key: 'warehouse, product_id', texts: ['warehouse', 'product_id', 'quantity', 'reserved', 'shelf', 'counted_on'] },
  orders: {
    key: 'id',
    texts: ['id', 'customer_id', 'status', 'currency', 'total', 'tax_rate', 'shipping', 'delivery_window', 'notes'],
    times: ['placed_at', 'updated_at'],
  },
  order_items: {
    key: 'order_id, line',
    texts: ['order_id', 'line', 'product_id', 'quantity', 'unit_price', 'discount', 'gift'],
    times: ['updated_at'],
  },
};

export interface Fingerprint {
  readonly rows: number;
  /** MD5 of all compared values in the order of the key. */
  readonly digest: string;
}

export type Fingerprints = Readonly<Record<ShopTable, Fingerprint>>;

interface Dialect {
  readonly microseconds: (time: string) => string;
  readonly hex: (bytes: string) => string;
}

const POSTGRES: Dialect = {
  microseconds: (time) => `CAST(extract(epoch FROM ${time}) * 1000000 AS bigint)`,
  hex: (bytes) => `encode(${bytes}, 'hex')`,
};
const DUCKDB: Dialect = { microseconds: (time) => `epoch_us(${time})`, hex: (bytes) => `lower(hex(${bytes}))` };

/** The same question in both dialects. */
function question(table: ShopTable, { microseconds, hex }: Dialect): string {
  const { key, texts, times = [], lists = [], bytes = [], floats = [] } = COMPARED[table];
  const values = [
    ...[...texts, ...times.map(microseconds), ...bytes.map(hex)],
    ...lists.map((list) => `array_to_string(${list}, ',')`),
    ...floats.map((float) => `CAST(round(${float} * 1000000) AS bigint)`),
  ].map((value) => `coalesce(CAST(${value} AS text), '-')`);
  return `SELECT count(*) AS rows, md5(string_agg(${values.join(" || '|' || ")}, chr(10) ORDER BY ${key})) AS digest FROM ${table}`;
}

export async function fingerprintsOfShop(client: Client): Promise<Fingerprints> {
  return collected(async (table) => (await client.query<RowOf>(question(table, POSTGRES))).rows[0]);
}

export async function fingerprintsOfLake(lake: Lake): Promise<Fingerprints> {
  return collected(async (table) => (await lake.query(question(table, DUCKDB)))[0]);
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

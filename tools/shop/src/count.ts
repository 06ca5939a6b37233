import type { Client } from 'pg';
import { SHOP_TABLES, type ShopCounts } from './types.js';

/** The rows of each table, as they are now. */
export async function countShop(client: Client): Promise<ShopCounts> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT ${SHOP_TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`,
  );
  return Object.fromEntries(SHOP_TABLES.map((table) => [table, Number(rows[0]?.[table])])) as Record<keyof ShopCounts, number>;
}

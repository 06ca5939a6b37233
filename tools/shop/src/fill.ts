import { copyInto } from './copy-in.js';
import { customerLines } from './rows/customers.js';
import { itemLines, orderLines } from './rows/orders.js';
import { inventoryLines, productLines } from './rows/products.js';
import { INDEXES, SCHEMA } from './schema.js';
import { SHOP_TABLES, type ShopCounts, type ShopOptions } from './types.js';

/** How many rows each table gets of so many in all. */
export function sharesOf(rows: number): ShopCounts {
  const customers = Math.floor(rows * 0.1);
  const products = Math.floor(rows * 0.025);
  const inventory = products * 2;
  const orders = Math.floor(rows * 0.275);
  return { customers, products, inventory, orders, order_items: rows - customers - products - inventory - orders };
}

/**
 * Makes the tables and fills them by COPY: 200,000 rows in about two seconds. Throws `RangeError` for fewer than 200 rows, and what the server says when
 * there is a table already.
 */
export async function createShop({ client, rows = 200_000, seed = 1, now = Date.now() }: ShopOptions): Promise<ShopCounts> {
  if (!Number.isInteger(rows) || rows < 200) throw new RangeError(`A shop has at least 200 rows, not ${rows}`);
  const counts = sharesOf(rows);
  const context = { seed, now, customers: counts.customers, products: counts.products };
  const lines = {
    customers: customerLines(1, counts.customers, context),
    products: productLines(counts.products, context),
    inventory: inventoryLines(counts.inventory, context),
    orders: orderLines(1, counts.orders, context),
    order_items: itemLines(1, counts.orders, context, counts.order_items),
  };
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL TimeZone = 'UTC'");
    await client.query(SCHEMA);
    for (const table of SHOP_TABLES) await copyInto(client, table, lines[table]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  await client.query(INDEXES);
  return counts;
}

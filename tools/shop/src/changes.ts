import type { Client } from 'pg';
import { copyInto } from './copy-in.js';
import { customerLines } from './rows/customers.js';
import { itemLines, orderLines } from './rows/orders.js';
import { MINUTE } from './rows/times.js';
import type { ChangeOptions, ShopChanges } from './types.js';

/** Rows are chosen by the server's own hash of their key: one in a million units of it. */
const UNITS = 1_000_000;

interface Change {
  readonly client: Client;
  /** Of step and seed: another one, other rows. */
  readonly salt: number;
  readonly units: number;
}

/**
 * What happens in the shop between two runs: rows change, come, are marked as deleted, go; some carry a time that lies five minutes back; once a table gets another column. All of it in one
 * transaction of the server's time.
 */
export async function changeShop(options: ChangeOptions): Promise<ShopChanges> {
  const { client, step, seed = 1, share = 0.01, deleteOrders = false } = options;
  const change: Change = { client, salt: seed * 1_000 + step, units: Math.round(share * UNITS) };
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL TimeZone = 'UTC'");
    const newColumn = await addColumn(client);
    const updated = await updateRows(change, newColumn !== null || step > 1);
    const softDeleted = await update(change, 1, 'customers', 'deleted_at = now(), updated_at = now()', 'id', 'deleted_at IS NULL');
    const late = await update(change, 2, 'orders', `notes = 'late ${step}', updated_at = now() - interval '5 minutes'`, 'id');
    const deleted = await deleteRows(change, deleteOrders);
    const inserted = await insertRows(change, seed, share);
    await client.query('COMMIT');
    return { updated, inserted, softDeleted, deleted, late, newColumn };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function addColumn(client: Client): Promise<ShopChanges['newColumn']> {
  const { rowCount } = await client.query("SELECT FROM information_schema.columns WHERE table_name = 'customers' AND column_name = 'loyalty_points'");
  if (rowCount !== 0) return null;
  await client.query('ALTER TABLE customers ADD COLUMN loyalty_points integer');
  return 'customers.loyalty_points';
}

/** Changes some rows and gives their number. `kind` keeps the choices of one step apart. */
async function update(change: Change, kind: number, table: string, set: string, key: string, where = 'true'): Promise<number> {
  const { rowCount } = await change.client.query(`UPDATE ${table} SET ${set} WHERE ${where} AND ${chosen(change, kind, key)}`);
  return rowCount ?? 0;
}

const chosen = ({ salt, units }: Change, kind: number, key: string): string =>
  `mod(hashint8extended(${key}, ${salt * 10 + kind}) & 9223372036854775807, ${UNITS}) < ${units}`;

async function updateRows(change: Change, hasPoints: boolean): Promise<ShopChanges['updated']> {
  const points = hasPoints ? ', loyalty_points = coalesce(loyalty_points, 0) + 10' : '';
  return {
    customers: await update(change, 3, 'customers', `tier = 'gold', updated_at = now()${points}`, 'id'),
    orders: await update(
      change,
      4,
      'orders',
      `status = CASE status WHEN 'placed' THEN 'paid' WHEN 'paid' THEN 'packed' WHEN 'packed' THEN 'shipped' WHEN 'shipped' THEN 'delivered'
         ELSE 'returned' END::order_status, updated_at = now()`,
      'id',
    ),
    products: await update(change, 5, 'products', 'price = price + 1, updated_at = now()', 'id'),
    // No column tells that these have changed.
    inventory: await update(change, 6, 'inventory', 'quantity = quantity + 100', 'product_id'),
  };
}

async function deleteRows(change: Change, deleteOrders: boolean): Promise<ShopChanges['deleted']> {
  const { client } = change;
  const inventory = await client.query(`DELETE FROM inventory WHERE ${chosen(change, 7, 'product_id')}`);
  if (!deleteOrders) return { inventory: inventory.rowCount ?? 0, orders: 0, order_items: 0 };
  const which = `status IN ('cancelled', 'returned') AND ${chosen(change, 8, 'id')}`;
  const items = await client.query(`DELETE FROM order_items WHERE order_id IN (SELECT id FROM orders WHERE ${which})`);
  const orders = await client.query(`DELETE FROM orders WHERE ${which}`);
  return { inventory: inventory.rowCount ?? 0, orders: orders.rowCount ?? 0, order_items: items.rowCount ?? 0 };
}

/** New customers, and new orders of the last minute. */
async function insertRows({ client }: Change, seed: number, share: number): Promise<ShopChanges['inserted']> {
  const { rows } = await client.query<Record<'customer' | 'order' | 'product' | 'now', string>>(
    `SELECT (SELECT max(id) FROM customers) AS customer, (SELECT max(id) FROM orders) AS order, (SELECT max(id) FROM products) AS product,
            (extract(epoch FROM now()) * 1000)::bigint AS now`,
  );
  const last = { customer: Number(rows[0]?.customer), order: Number(rows[0]?.order), product: Number(rows[0]?.product) };
  const context = { seed, now: Number(rows[0]?.now), customers: last.customer, products: last.product };
  const customers = Math.max(1, Math.round(last.customer * share));
  const orders = Math.max(1, Math.round(last.order * share));
  await client.query('CREATE TEMP TABLE new_customers ON COMMIT DROP AS SELECT * FROM customers WITH NO DATA');
  await client.query('ALTER TABLE new_customers DROP COLUMN loyalty_points');
  await copyInto(client, 'new_customers', customerLines(last.customer + 1, customers, context));
  await client.query('INSERT INTO customers SELECT * FROM new_customers');
  // What is inserted was changed just now, whatever its history says.
  await client.query('UPDATE customers SET updated_at = now() WHERE id > $1', [last.customer]);
  const recent = { ...context, within: MINUTE };
  await copyInto(client, 'orders', orderLines(last.order + 1, orders, recent));
  await copyInto(client, 'order_items', itemLines(last.order + 1, orders, recent));
  const { rows: counted } = await client.query<{ items: string }>('SELECT count(*) AS items FROM order_items WHERE order_id > $1', [last.order]);
  return { customers, orders, order_items: Number(counted[0]?.items) };
}

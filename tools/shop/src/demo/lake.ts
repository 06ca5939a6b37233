import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What names a row of each entity. */
const KEYS: Readonly<Record<string, string>> = {
  customers: 'id',
  products: 'id',
  inventory: 'warehouse, product_id',
  orders: 'id',
  order_items: 'order_id, line',
  payments: 'payment_id',
  shipments: 'shipment_id',
};

export interface Lake {
  /** Rows of a query, values as texts. */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  close(): void;
}

/**
 * The files by DuckDB: of each entity a view `bronze_orders` of all that was ever delivered, and a view `orders` of what the source has now: of each key the row of the latest
 * load, unless that says that it is gone.
 */
export async function openLake(folder: string): Promise<Lake> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const query: Lake['query'] = async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)])));
  };
  await connection.run("SET TimeZone = 'UTC'");
  for (const entity of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const key = KEYS[entity];
    if (key === undefined) continue;
    const files = join(folder, entity, '**/*.parquet').replaceAll("'", "''");
    await connection.run(`CREATE VIEW bronze_${entity} AS SELECT * FROM read_parquet('${files}', hive_partitioning = true, union_by_name = true)`);
    const columns = (await query(`DESCRIBE bronze_${entity}`)).map(({ column_name: name }) => name);
    const gone = columns.includes('_deleted') ? 'AND _deleted IS NOT TRUE' : '';
    await connection.run(`CREATE VIEW ${entity} AS SELECT * EXCLUDE (place) FROM (
      SELECT *, row_number() OVER (PARTITION BY ${key} ORDER BY _ingestion_ts DESC) AS place FROM bronze_${entity}) WHERE place = 1 ${gone}`);
  }
  return {
    query,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);

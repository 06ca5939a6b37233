import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresServer, TestDatabase } from '@loadin/postgres';
import { copyLine, ORDER_COLUMNS } from './order-rows.js';
import { writeLines } from './write-lines.js';

/** A table of orders whose days are scattered over so many dates. */
export const tableOf = (dates: number): string => `orders_${dates}`;
/** The rows of `tableOf(30)` several times, with ids of their own. */
export const REPEATED = 'orders_repeated';

/** Makes and fills one table for each number of dates. */
export async function fillTables({ folder }: PostgresServer, { client }: TestDatabase, rows: number, allDates: readonly number[]): Promise<void> {
  await client.query("CREATE TYPE order_status AS ENUM ('paid', 'shipped', 'cancelled', 'refunded')");
  for (const dates of allDates) {
    await client.query(createTable(tableOf(dates)));
    // The server reads the file itself, as a user of its own.
    const file = writeLines(join(folder, 'rows.txt'), rows, (n) => copyLine(n, dates));
    chmodSync(file, 0o644);
    await client.query(`COPY ${tableOf(dates)} FROM '${file}'`);
    rmSync(file);
    // Statistics, and no work left over from writing for the first one who reads.
    await client.query(`VACUUM (ANALYZE) ${tableOf(dates)}`);
  }
}

export async function repeatRows({ client }: TestDatabase, rows: number, times: number): Promise<void> {
  await client.query(createTable(REPEATED));
  for (let part = 0; part < times; part++) {
    const columns = ORDER_COLUMNS.map(({ name }) => (name === 'id' ? `id + ${rows * part}` : name));
    await client.query(`INSERT INTO ${REPEATED} SELECT ${columns.join(', ')} FROM ${tableOf(30)} ORDER BY id`);
  }
  await client.query(`VACUUM (ANALYZE) ${REPEATED}`);
}

const createTable = (table: string): string =>
  `CREATE TABLE ${table} (${ORDER_COLUMNS.map(({ name, type }) => `${name} ${type}${name === 'id' ? ' PRIMARY KEY' : ''}`).join(', ')})`;

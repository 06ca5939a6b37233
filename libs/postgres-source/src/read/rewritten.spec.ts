import { createManualClock, createRecordingLogger } from '@loadin/testing';
import type { Client } from 'pg';
import { connectTo } from '../server.fixture.js';
import { openTables, numbers, type Tables } from './tables.fixture.js';

describe('a table that is written anew by ALTER TABLE while it is waited for', () => {
  let tables: Tables;
  let client: Client;
  let migration: Client;
  beforeAll(async () => {
    tables = await openTables();
    ({ client } = tables);
    migration = await connectTo(tables.connection);
    await client.query(`CREATE TABLE altered (id int PRIMARY KEY, v int); INSERT INTO altered SELECT n, n FROM generate_series(1, 500) n; CREATE VIEW seen AS SELECT * FROM altered;
      CREATE TABLE parted (id int PRIMARY KEY, v int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1) TO (1000); INSERT INTO parted SELECT * FROM altered`);
  });
  afterAll(async () => {
    await migration.end();
    await tables.close();
  });

  const waitsForLock = async (): Promise<boolean> =>
    (
      await client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'waits' AND wait_event_type = 'Lock'`,
      )
    ).rowCount === 1;

  it.each([
    ['altered', 'ALTER TABLE altered ADD first timestamptz DEFAULT clock_timestamp()', undefined],
    ['parted', 'ALTER TABLE parted ALTER v TYPE text', undefined],
    ['seen', 'ALTER TABLE altered ADD second timestamptz DEFAULT clock_timestamp()', ['id']],
  ])('is read whole, in the state of afterwards: %s', async (name, ddl, key) => {
    const read = { table: await tables.table(name), columns: ['id'], ...(key && { key }) };
    const logger = createRecordingLogger();
    await migration.query(`BEGIN; ${ddl}`);
    const reading = tables.values(read, 'id', { applicationName: 'waits', clock: createManualClock(0), logger });
    for (let tries = 0; !(await waitsForLock()) && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    await migration.query('COMMIT');
    expect(await reading).toEqual(numbers(1, 500));
    expect(logger.lines.filter(({ message }) => message === 'The database is waited for').map(({ fields }) => fields['error'])).toEqual([
      `public.${name} was written anew since its state was taken, as by ALTER TABLE: it is read in the state of now`,
    ]);
  });
});

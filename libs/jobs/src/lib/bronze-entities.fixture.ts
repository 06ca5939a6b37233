import { LoadinError } from '@loadin/pipeline';
import { startBronzeServers, type BronzeServers, type Shop } from './bronze-world.fixture.js';

const JOBS = `
version: 1
sinks:
  s3_bronze: { compression: snappy }
streams:
  postgres.customers: { table: customers, key: [id], cursor: updated_at }
  postgres.orders: { table: public.orders, key: [id, line], cursor: updated_at, event_date: ordered_at, compression: zstd }
  postgres.log: { table: log, mode: full }
  payments.payments: { event_date: created_at, page_size: 500 }
  shipments.shipments: {}
jobs:
  bronze:
    schedule: cron(0 2 * * ? *)
    streams: [postgres.customers, postgres.orders, postgres.log, payments.payments, shipments.shipments]
    sinks: [s3_bronze]
`;

const TABLES = `
  CREATE TABLE customers (id int PRIMARY KEY, name text, updated_at timestamptz NOT NULL);
  INSERT INTO customers SELECT n, 'customer ' || n, timestamptz '2026-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, 50) n;
  CREATE TABLE orders (id bigint, line int, total numeric(12,2), ordered_at timestamptz, updated_at timestamptz NOT NULL, PRIMARY KEY (id, line));
  INSERT INTO orders SELECT n, 1, n * 1.25, timestamptz '2026-02-01 00:00Z' + n % 3 * interval '1 day', timestamptz '2026-02-28 00:00Z' + n * interval '1 s'
    FROM generate_series(1, 300) n;
  CREATE TABLE log (at timestamptz, line text); INSERT INTO log VALUES ('2026-02-28 00:00Z', 'a line'), ('2026-02-28 00:00Z', 'a line')`;

/** A job over three tables and two APIs: its servers, and for each test a shop with rows in its tables. */
export function openEntities() {
  const opened = {} as { servers: BronzeServers; shop: Shop };
  beforeAll(async () => void (opened.servers = await startBronzeServers(JOBS)));
  afterAll(() => opened.servers.close());
  beforeEach(async () => {
    opened.shop = await opened.servers.open();
    await opened.shop.sql.query(TABLES);
  });
  afterEach(() => opened.shop.close());
  return opened;
}

export const errorOf = async (work: Promise<unknown>): Promise<LoadinError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LoadinError) return error;
  throw error ?? new Error('no error');
};

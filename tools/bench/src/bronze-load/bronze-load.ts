import type { Figure, Report } from '../report.js';
import { fillTables, repeatRows, REPEATED, tableOf } from '../bronze/order-tables.js';
import type { JobRun } from './job-run.js';
import { openLoadWorld, type LoadWorld } from './load-world.js';

const MILLION = 1_000_000;
/** Of one process, whatever the size of the table. */
const MOST_MB = 400;
const MOST_DRIFT_MB = 50;

/**
 * What memory a run of a bronze job needs whose rows are compared with those that were delivered before: 600,000 of them, or with `--full` five million. The first load of each is one of everything.
 */
export async function measureBronzeLoad(args: readonly string[]): Promise<Report> {
  const isFull = args.includes('--full');
  const [rows, times] = isFull ? [MILLION, 5] : [300_000, 2];
  const payments = isFull ? 2 * MILLION : 300_000;
  const world = await openLoadWorld(payments);
  try {
    await fillOrders(world, rows, times);
    const figures: Figure[] = [];
    const measure = async (what: string, job: string, at: string, load?: 'full'): Promise<void> => {
      figures.push(...figuresOf(what, await world.run(job, at, load)));
    };
    const at = (minutes: number): string => `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`;
    await measure('without a cursor, the first load', 'compared', at(1), 'full');
    await measure('a list, the first load', 'listed', at(1), 'full');
    await measure('with a cursor, the first load', 'looked_back', at(1), 'full');
    await changeOrders(world);
    await measure('without a cursor, compared with the load before', 'compared', at(2));
    await measure('with a cursor, and a look-back of everything', 'looked_back', at(2));
    await measure('a list, and a look-back', 'listed', at(2));
    return { title: `Runs of a bronze job, ${rows * times} rows of 21 columns and ${payments} payments, each run a process of its own`, figures };
  } finally {
    await world.close();
  }
}

/** The orders of other measurements, several times, with a time of change. */
async function fillOrders({ server, database }: LoadWorld, rows: number, times: number): Promise<void> {
  await fillTables(server, database, rows, [30]);
  await repeatRows(database, rows, times);
  await database.client.query(`DROP TABLE ${tableOf(30)}; ALTER TABLE ${REPEATED} RENAME TO orders`);
  await database.client.query(
    `ALTER TABLE orders ADD changed_at timestamp NOT NULL GENERATED ALWAYS AS (timestamp '2026-01-01 00:00' + id * interval '1 ms') STORED`,
  );
}

async function changeOrders({ database }: LoadWorld): Promise<void> {
  await database.client.query(`UPDATE orders SET note = 'changed' WHERE id % 100 = 0`);
  await database.client.query('DELETE FROM orders WHERE id % 1000 = 1');
  await database.client.query('VACUUM (ANALYZE) orders');
}

function figuresOf(what: string, { read, delivered, unchanged, seconds, rssMB, residentMB }: JobRun): Figure[] {
  const [first = NaN, ...later] = residentMB;
  const drift: Figure = {
    what: '  above that of the first million of rows',
    measured: Math.max(0, ...later.map((most) => most - first)),
    unit: 'MB',
  };
  return [
    { what, measured: read / 1_000 / seconds, unit: 'krows/s' },
    { what: '  delivered', measured: delivered, unit: 'rows' },
    { what: '  unchanged', measured: unchanged, unit: 'rows' },
    { what: '  resident at most', measured: rssMB, unit: 'MB', atMost: MOST_MB },
    ...(later.length > 0 ? [{ ...drift, atMost: MOST_DRIFT_MB }] : []),
  ];
}

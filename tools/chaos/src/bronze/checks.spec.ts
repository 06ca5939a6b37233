import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Attempt } from '../delivery/evidence.js';
import { checkGoingOn } from './check-going-on.js';
import { checkLake } from './check-lake.js';
import { checkLeftovers, ingestionIdOf } from './check-leftovers.js';
import { checkOrder } from './check-order.js';
import { checkRuns } from './check-runs.js';
import type { Commit, Lake } from './lake.js';
import type { Database, Entity } from './tables.js';

const ID = ['11111111-1111-5111-8111-111111111111', '22222222-2222-5222-8222-222222222222'] as const;
const keyOf = (entity: string, load: 0 | 1): string =>
  `data/bronze/${entity}/ingestion_date=2026-03-0${load + 1}/load_type=full/event_date=2026-02-01/part-00000-${ID[load]}.parquet`;

const COLUMNS = `total decimal(30,4), note varchar, weight double, ordered_at timestamptz, noted_at timestamp`;
const KEY = { orders: 'id bigint, line int, updated_at timestamptz', items: 'id varchar', log: 'line varchar' } as const;
const VALUES = `1.5, 'a note', 2.0, timestamptz '2026-02-01 12:00:00Z', timestamp '2026-02-01 12:00:00'`;
const ENTITIES = ['orders', 'items', 'log'] as const;

/** A database and a lake that agree: one row each, loaded by the last of two loads; all of it in DuckDB. */
async function good() {
  const instance = await DuckDBInstance.create(':memory:');
  const [source, lake] = await Promise.all([instance.connect(), instance.connect()]);
  await source.run("SET TimeZone = 'UTC'");
  await source.run('CREATE SCHEMA source; CREATE SCHEMA lake');
  for (const entity of ENTITIES) {
    await source.run(`CREATE TABLE source.${entity} (${KEY[entity]}, ${COLUMNS})`);
    await source.run(
      `CREATE TABLE lake.${entity} (${KEY[entity]}, ${COLUMNS}, _ingestion_ts varchar, _record_hash varchar, ingestion_id varchar, is_deleted boolean)`,
    );
    await source.run(`INSERT INTO source.${entity} VALUES (${keyValues(entity)}, ${VALUES})`);
    await source.run(`INSERT INTO lake.${entity} VALUES ${row(entity, 0)}, ${row(entity, 1)}`);
  }
  await source.run('USE source');
  await lake.run("SET TimeZone = 'UTC'");
  await lake.run('USE lake');
  return { instance, source, lake };
}

const keyValues = (entity: (typeof ENTITIES)[number], n = 1): string =>
  ({ orders: `${n}, 1, timestamptz '2026-02-01 12:00:00Z'`, items: `'item ${n}'`, log: `'line ${n}'` })[entity];
const row = (entity: (typeof ENTITIES)[number], load: 0 | 1, n = 1, isDeleted = false): string =>
  `(${keyValues(entity, n)}, ${VALUES}, '2026-03-0${load + 1}', 'hash ${n} ${load}', '${ID[load]}', ${isDeleted})`;

const asRows = async <Row>(connection: DuckDBConnection, sql: string): Promise<Row[]> =>
  (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];

describe('what storms over entities are judged by', () => {
  let world: Awaited<ReturnType<typeof good>>;
  beforeEach(async () => void (world = await good()));
  afterEach(() => {
    world.source.closeSync();
    world.lake.closeSync();
    world.instance.closeSync();
  });

  const database = (): Database => ({ query: async <Row extends object>(sql: string) => ({ rows: await asRows<Row>(world.source, sql) }) });
  const commits = (): Commit[] =>
    ENTITIES.flatMap((entity) =>
      ([0, 1] as const).map((load): Commit => ({
        key: `_loadin/commits/bronze/run ${load}/postgres.${entity}.json`,
        ...{ run_id: `run ${load}`, stream: `postgres.${entity}`, done: true },
        objects: [
          { key: keyOf(entity, load), bytes: 10, details: { kind: 'rows', rows: 1 } },
          { key: `_loadin/keys/${entity}/${ID[load]}.parquet`, bytes: 5, details: { kind: 'keys' } },
        ],
      })),
    );
  const lakeOf = (changes: Partial<Lake> = {}): Lake => {
    const files = ENTITIES.flatMap((entity) =>
      ([0, 1] as const).map((load) => ({ key: keyOf(entity, load), bytes: 10, entity, ingestionId: ID[load] })),
    );
    const all = commits();
    return {
      ...{ files, commits: all, plans: [], pending: [], has: () => true, close: async () => undefined },
      keys: new Set(all.flatMap(({ key, objects }) => [key, ...objects.map((object) => object.key)])),
      rows: (sql) => asRows(world.lake, sql),
      ...changes,
    };
  };

  describe('the rows', () => {
    const found = async (change = 'SELECT 1', allowance = { forgotten: false, repeated: [] as readonly Entity[] }): Promise<string[]> => {
      await world.lake.run(change);
      return checkLake(lakeOf(), database(), allowance);
    };

    it('pass when they are those of the database', async () => {
      expect(await found()).toEqual([]);
    });

    it.each([
      ['all of it is missing', 'DELETE FROM orders', /^orders, the last load: 1 rows are missing/],
      ['one has another value', `UPDATE items SET note = 'another' WHERE ingestion_id = '${ID[1]}'`, /^items, the last load: 1 rows are missing/],
      ['one is there that the database does not have', `INSERT INTO log VALUES ${row('log', 1, 2)}`, /^log, the last load: 1 rows are there/],
      [
        'a key that is gone was forgotten',
        `INSERT INTO items VALUES ${row('items', 0, 2)}`,
        /^items, the latest state of each key: 1 rows are there/,
      ],
      [
        'one came with the last load alone, which has read everything',
        `DELETE FROM items WHERE ingestion_id = '${ID[0]}'`,
        /^items, the latest state of each key before the last load: 1 rows are missing/,
      ],
      ['a load has a row twice', `INSERT INTO orders VALUES ${row('orders', 0)}`, /^orders: a load has 1 keys more than once, 1 1 2 times/],
      [
        'a digit of a number differs',
        `UPDATE orders SET total = 1.5001 WHERE ingestion_id = '${ID[1]}'`,
        /^orders, the last load: 1 rows are missing/,
      ],
    ])('are found fault with when %s', async (_, change, says) => {
      expect(await found(change)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
    });

    it('are found fault with when one comes again that had not changed, unless that may be', async () => {
      const again = `INSERT INTO items VALUES ${row('items', 0).replace('2026-03-01', '2026-02-28').replace(ID[0], 'an earlier load')}`;
      expect(await found(again)).toEqual(['items: 1 rows came again although they had not changed, item 1 2 times']);
      expect(await found('SELECT 1', { forgotten: false, repeated: ['items'] })).toEqual([]);
    });
  });

  describe('the runs', () => {
    const attempt = (delivered = 1): Attempt => {
      const streams = ENTITIES.map((entity) => ({
        stream: `postgres.${entity}`,
        ledger: { read: 1, accepted: 1, rejected: 0, deduplicated: 0, sinks: { s3_bronze: { delivered } } },
        objects: [{ uri: `s3://lake/${keyOf(entity, 1)}` }],
      }));
      return { report: { run_id: 'run 1', status: 'complete', problems: [], streams } } as unknown as Attempt;
    };

    it('pass when reports, commits and files agree', async () => {
      expect(await checkRuns(lakeOf(), [attempt()], false)).toEqual([]);
    });

    it('are found fault with when a file was never committed, is missing, or is none', async () => {
      const { files, keys } = lakeOf();
      expect(await checkRuns(lakeOf({ commits: commits().slice(1) }), [], false)).toEqual([
        `${keyOf('orders', 0)} can be seen, and no commit record has it`,
      ]);
      const gone = new Set([...keys].filter((key) => key !== keyOf('log', 1)));
      expect(await checkRuns(lakeOf({ keys: gone }), [], false)).toEqual([expect.stringMatching(/log.* is missing, and .* is noted as done$/)]);
      expect(await checkRuns(lakeOf({ keys: new Set([...keys, 'data/bronze/orders/half.tmp']) }), [], false)).toEqual([
        'data/bronze/orders/half.tmp lies among the data and is no file of bronze',
      ]);
      expect(
        await checkRuns(lakeOf({ files: files.map((file) => ({ ...file, bytes: file.key === keyOf('log', 0) ? 9 : 10 })) }), [], false),
      ).toHaveLength(1);
    });

    it('are found fault with when a report says something else', async () => {
      expect(await checkRuns(lakeOf(), [attempt(2)], false)).toHaveLength(3);
      const undone = commits().map((commit) => ({ ...commit, done: commit.run_id !== 'run 1' }));
      expect(await checkRuns(lakeOf({ commits: undone }), [attempt()], false)).toEqual(
        ENTITIES.map((entity) => `postgres.${entity} of run run 1 is complete, and its commit is not noted as done`),
      );
    });
  });

  describe('the order of events', () => {
    const event = (number: number, operation: string, key: string) => ({ number, operation, key, done: true, status: 200 });
    const [first] = commits();
    const { key, objects } = first as Commit;
    const inOrder = [event(1, 'PutObject', key), ...objects.map((object, n) => event(2 + n, 'CompleteMultipartUpload', object.key))];
    const moved = (at: number) => [{ event: at, attempt: 'a1', key: 'checkpoint/bronze/postgres.orders', value: { run_id: 'run 0' } }];
    const found = (events: unknown[], state: unknown[]) => checkOrder({ events, state } as never, { commits: [first as Commit] });

    it('passes when the commit comes first, then its objects, then the checkpoint', () => {
      expect(found(inOrder, moved(4))).toEqual([]);
    });

    it('is found fault with when an object could be seen before the commit, or a commit was put twice', () => {
      expect(found([{ ...inOrder[0], number: 3 }, inOrder[1], { ...inOrder[2], number: 4 }], moved(5))).toEqual([
        `1 objects of ${key} could be seen before it was committed`,
      ]);
      expect(found([...inOrder, event(9, 'PutObject', key)], moved(10))).toEqual([`${key} was put 2 times`]);
    });

    it('passes when another run had put its veto there before the commit', () => {
      expect(found([{ ...event(0, 'PutObject', key), step: 'load vetoed' }, ...inOrder], moved(4))).toEqual([]);
    });

    it('is found fault with when the checkpoint moved before all could be seen', () => {
      expect(found(inOrder, moved(2))).toEqual([`the checkpoint of postgres.orders has moved before all of ${key} could be seen`]);
    });
  });

  describe('going on', () => {
    const [first] = commits();
    const commit = { ...(first as Commit), details: { reached: ['2026-02-28T02:00:00Z'] } };
    const plan = (since?: string) => ({
      ...{ key: '_loadin/plans/bronze/run 1.json', run_id: 'run 1' },
      streams: [{ id: 'postgres.orders', ...(since !== undefined && { since: [since] }) }],
    });
    const put = (number: number, key: string) => ({ number, key, operation: 'PutObject', done: true, status: 200 });
    const found = (plans: ReturnType<typeof plan>[], all: Commit[] = [commit], order: readonly [number, number] = [1, 2]) =>
      checkGoingOn({ events: [put(order[0], commit.key), put(order[1], plan().key)] } as never, { commits: all, plans });

    it('passes when a run begins where the one before has come to, or was planned earlier', () => {
      expect(found([plan('2026-02-28T02:00:00Z')])).toEqual([]);
      expect(found([plan()], [commit], [2, 1])).toEqual([]);
    });

    it('is found fault with when a run begins before that', () => {
      expect(found([plan('2026-02-28T01:59:59Z')])).toEqual([
        `postgres.orders of the run run 1 was planned from 2026-02-28T01:59:59Z, and ${commit.key} has read further`,
      ]);
      expect(found([plan()])).toHaveLength(1);
    });

    it('is found fault with when nobody has completed a commit', () => {
      expect(found([], [{ ...commit, done: false }])).toEqual([`${commit.key} was committed, and no later run has completed it`]);
    });
  });

  describe('what is left behind', () => {
    const RUN = '33333333-3333-5333-8333-333333333333';
    const id = ingestionIdOf(RUN, 'postgres.orders');
    const upload = { key: `data/bronze/orders/part-00000-${id}.parquet`, uploadId: 'u1', begunAt: 5 };
    const commit: Commit = { key: 'the record', run_id: RUN, stream: 'postgres.orders', objects: [], done: true };
    const committed = { key: 'the record', step: 'load committed', done: true, at: 10 };
    const found = (pending: (typeof upload)[], all: Commit[] = [commit], attempts: unknown[] = []) =>
      checkLeftovers({ commits: all, pending }, { events: [committed] } as never, attempts as never);

    it('passes when a run owns it that has not ended, or it was begun after the commit', () => {
      expect(found([upload], [])).toEqual([]);
      expect(found([upload], [{ ...commit, done: false }])).toEqual([]);
      expect(found([{ ...upload, begunAt: 11 }])).toEqual([]);
    });

    it('is found fault with when its load is committed and done, unless the log says that it had to be left', () => {
      expect(found([upload])).toEqual([`${upload.key} is pending, and the record is done`]);
      const said = { exit: { stderr: 'An upload could not be aborted; S3 removes it' } };
      expect(found([upload], [commit], [said])).toEqual([]);
    });

    it('is found fault with when its run is complete and has no commit of it, or it is nobody’s', () => {
      const complete = { report: { status: 'complete', run_id: RUN }, exit: { stderr: '' } };
      expect(found([upload], [], [complete])).toEqual([`${upload.key} is pending, and its run ${RUN} is complete`]);
      expect(found([{ ...upload, key: 'data/bronze/half' }])).toEqual(['data/bronze/half is pending, and it can not be told whose it is']);
    });
  });
});

import { runJob, type Json, type JsonObject, type Parsed, type Plan, type StreamPlan } from '@loadin/pipeline';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore, type MemorySink } from '@loadin/testing';
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection/types.js';
import { startCuttingProxy, type CuttingProxy } from '../cutting-proxy.fixture.js';
import { createDatabase } from '../server.fixture.js';
import { createPostgresStream } from './postgres-stream.js';

/** The rows as they are. */
const transform = (raw: Json): Parsed => ({ ok: true, id: String((raw as JsonObject)['id']), record: raw as JsonObject });

describe('a table, from run to run', () => {
  let client: Client;
  let connection: ConnectionSettings;
  let proxy: CuttingProxy;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ client, connection, close } = await createDatabase());
    proxy = await startCuttingProxy(connection);
    await client.query(`CREATE TABLE stock (id int PRIMARY KEY, amount int, updated_at timestamptz NOT NULL);
      INSERT INTO stock SELECT n, 0, timestamptz '2024-11-08 00:00Z' + n * interval '1 s' FROM generate_series(1, 3000) n`);
  });
  afterAll(async () => {
    await proxy.close();
    await close();
  });

  it('is delivered whole, then what has changed; a run that fails half-way is gone on with', async () => {
    const [lake, state] = [createMemoryObjectStore(), createMemoryStateStore()];
    const run = async (
      at: string,
      { sink = createMemorySink(), reconnects = 5 } = {},
    ): Promise<{ status: string; rows: Map<string, unknown>; read: number; sink: MemorySink }> => {
      const clock = createManualClock(Date.parse(at));
      const stream = createPostgresStream({
        connection: { ...connection, port: proxy.port },
        ...{ table: 'stock', key: ['id'], cursor: 'updated_at', pageRows: 250, lookBack: 60_000, reconnects, clock },
      });
      const job = { name: 'bronze', streams: [{ stream, transform, sinks: [sink], schemaVersion: '1' }] };
      const report = await runJob({ job, lake, state, at, clock });
      const rows = new Map(sink.records.map(({ id, json }) => [id, (JSON.parse(json) as JsonObject)['amount']]));
      expect(rows.size).toBe(sink.records.length);
      return { status: report.status, rows, read: report.streams[0]?.ledger.read ?? -1, sink };
    };

    // The source is lost for good in the middle; the next attempt reads on behind what was landed.
    proxy.cutAfter(Infinity, Infinity, 60_000); // survey, catalogue, rows
    const first = await run('2024-11-08T02:00:00Z', { reconnects: 0 });
    expect(first.status).not.toBe('complete');
    expect(first.rows.size).toBeLessThan(3_000);
    const before = proxy.bytes();
    const second = await run('2024-11-08T02:00:00Z', { sink: first.sink });
    expect(second).toMatchObject({ status: 'complete', read: 3_000 });
    expect(second.rows.size).toBe(3_000);
    expect(proxy.bytes() - before).toBeLessThan(150_000);

    await client.query(
      `UPDATE stock SET amount = 5, updated_at = '2024-11-08 02:30Z' WHERE id <= 20; INSERT INTO stock VALUES (9001, 1, '2024-11-08 03:59:59Z'), (9002, 1, '2024-11-08 04:00Z')`,
    );
    proxy.cutAfter(4_000, Infinity, 4_000, Infinity, 5_000);
    const third = await run('2024-11-08T04:00:00Z');
    expect(third.status).toBe('complete');
    // The last minute before the watermark (00:50:00) is read again; what lies at the run's own time is the next one's.
    expect([...third.rows.keys()].map(Number).sort((a, b) => a - b)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => i + 1),
      ...Array.from({ length: 61 }, (_, i) => 2_940 + i),
      9001,
    ]);
    expect(third.rows.get('7')).toBe(5);

    const fourth = await run('2024-11-08T06:00:00Z');
    expect([...fourth.rows.keys()]).toEqual(['9001', '9002']);
  });

  describe('in slices', () => {
    beforeAll(() =>
      client.query(`CREATE TABLE parcels (id int PRIMARY KEY, amount int, updated_at timestamptz);
        INSERT INTO parcels SELECT n, 0, timestamptz '2024-11-08 00:00Z' + n * interval '1 s' FROM generate_series(1, 3000) n; INSERT INTO parcels VALUES (9000, 0, NULL); ANALYZE parcels`),
    );
    const world = (cursor?: string) => {
      const [lake, state] = [createMemoryObjectStore(), createMemoryStateStore()];
      const run = async (at: string, options: { observe?: () => void; signal?: AbortSignal } = {}) => {
        const sink = createMemorySink();
        const stream = createPostgresStream({
          ...{ connection, table: 'parcels', key: ['id'], slices: 3, sliceRows: 500, lookBack: 1_800_000 },
          ...(cursor !== undefined && { cursor }),
        });
        const job = { name: 'bronze', streams: [{ stream, transform, sinks: [sink], schemaVersion: '1' }] };
        const { status } = await runJob({ job, lake, state, at, clock: createManualClock(Date.parse(at)), ...options });
        return { status, ids: sink.records.map(({ id }) => Number(id)).sort((a, b) => a - b) };
      };
      const plan = async (): Promise<StreamPlan> => {
        const keys: string[] = [];
        for await (const { key } of lake.list('_loadin/plans/')) keys.push(key);
        return (JSON.parse(Buffer.from((await lake.get(keys.at(-1) ?? '')) ?? []).toString()) as Plan).streams[0] as StreamPlan;
      };
      return { run, plan };
    };
    const firstIds = [...Array.from({ length: 3_000 }, (_, i) => i + 1), 9_000];

    it.each([undefined, 'updated_at'])(
      'keeps ranges and upper bound in the plan: killed after planning, the same plan goes on (cursor: %s)',
      async (cursor) => {
        const { run, plan } = world(cursor);
        const controller = new AbortController();
        const at = '2024-11-08T01:00:00Z';
        expect(await run(at, { signal: controller.signal, observe: () => controller.abort() })).toEqual({ status: 'stopped', ids: [] });
        const { slices, survey } = await plan();
        expect(slices).toHaveLength(3);
        expect(survey).toMatchObject({ ranges: { length: 3 }, ...(cursor !== undefined && { below: at }) });
        // What comes to lie behind the upper bound meanwhile is the next run's; in full there is no bound.
        await client.query(`INSERT INTO parcels VALUES (9001, 1, '2024-11-08 01:00Z')`);
        expect(await run(at)).toEqual({ status: 'complete', ids: cursor === undefined ? [...firstIds, 9001] : firstIds });
        expect((await plan()).slices).toEqual(slices);
        await client.query('DELETE FROM parcels WHERE id = 9001');
      },
    );

    it('reads again all that the look-back holds, and rows without a time, also where it would make slices of its own', async () => {
      const { run, plan } = world('updated_at');
      expect((await run('2024-11-08T01:00:00Z')).ids).toEqual(firstIds);
      await client.query(`INSERT INTO parcels VALUES (9100, 1, '2024-11-08 00:20:01Z'), (9101, 1, '2024-11-08 01:30Z')`);
      const second = await run('2024-11-08T02:00:00Z');
      // Half an hour before the latest record (00:50:00): 1,801 rows, among which two of the three ranges begin.
      expect((await plan()).survey).toMatchObject({ ranges: { length: 3 } });
      expect(second).toEqual({ status: 'complete', ids: [...Array.from({ length: 1_801 }, (_, i) => 1_200 + i), 9_000, 9_100, 9_101] });
    });
  });
});

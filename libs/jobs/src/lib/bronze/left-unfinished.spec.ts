import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createRecordingLogger } from '@loadin/testing';
import { startServers, type Servers, type Shop } from './bronze.fixture.js';
import { lakeSum, latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';
import { pausedAt } from './paused.fixture.js';
import { openRuns } from './runs.fixture.js';

jest.setTimeout(120_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const [FIRST, SECOND, THIRD, FOURTH] = ['2024-03-01T02:00:00Z', '2024-03-01T03:00:00Z', '2024-03-01T04:00:00Z', '2024-03-01T05:00:00Z'] as const;
/** Four rows, minutes apart: those before the last one are older than what is looked back for. */
const change = ({ sql }: Shop, hour: number) =>
  sql.query(
    `UPDATE orders SET total = total + 1, updated_at = timestamptz '2024-03-01 00:00Z' + ${hour} * interval '1 hour' + id * interval '14 min' WHERE id <= 4`,
  );
const outcomeOf = ({ status, problems, streams }: { status: string; problems: readonly string[]; streams: readonly unknown[] }) => {
  const [{ ledger, checkpoint }] = streams as [{ ledger: { read: number; deduplicated: number }; checkpoint: { cursor: string } | null }];
  return { status, problems, read: ledger.read, deduplicated: ledger.deduplicated, cursor: checkpoint?.cursor };
};
const ended = { status: 'complete', problems: [] };

describe('a run that was killed after its commit, and is not gone on with', () => {
  it.each([
    ['its commit record lay there', 'PutObject _loadin/commits/', 'after'],
    ['its first file could be seen', 'CompleteMultipartUpload', 'after'],
    ['all of it could be seen', /^PutObject .*\.done\.json/, 'after'],
    ['its sets were the last ones', 'state put checkpoint/', 'before'],
    ['its checkpoint had moved', 'state put checkpoint/', 'after'],
  ] as const)('when %s: the next one ends it first, and reads on where it had come to', async (_, dies, when) => {
    const shop = await openOrders(servers, 20, { hardDeletes: true });
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    expect((await runs.dies(SECOND, dies, when)).survived).toBe(false);
    await shop.sql.query('DELETE FROM orders WHERE id = 20');
    expect(outcomeOf(await runs.run(THIRD))).toEqual({ ...ended, read: 1, deduplicated: 1, cursor: '2024-03-01T02:56:00Z' });
    expect(await twice(shop)).toEqual([]);
    expect(await shop.pending()).toEqual([]);
    // What is gone is found by who reads all keys, those that the killed one had seen among them.
    expect(outcomeOf(await runs.run(FOURTH, { fullRefresh: true }))).toMatchObject({ ...ended, read: 20 });
    expect(await shop.rows('select id::int as id from lake where deleted')).toEqual([{ id: 20 }]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    // Who goes on with it later has nothing to do, and takes nothing back.
    expect(outcomeOf(await runs.run(SECOND))).toMatchObject({ ...ended, read: expect.any(Number) as number });
    expect(await runs.checkpoint()).toMatchObject({ cursor: '2024-03-01T02:56:00Z' });
    await shop.close();
  });

  it.each([
    ['it was to bring everything', true],
    ['it was the first one', false],
  ])('when %s: nothing of it comes again, and what was gone is marked once', async (_, fullRefresh) => {
    const shop = await openOrders(servers, 2000, { hardDeletes: true });
    const runs = openRuns(shop);
    if (fullRefresh) await runs.run(FIRST);
    await shop.sql.query('DELETE FROM orders WHERE id = 3');
    await runs.dies(SECOND, 'PutObject _loadin/commits/', 'after', { fullRefresh });
    expect(outcomeOf(await runs.run(THIRD))).toEqual({ ...ended, read: 601, deduplicated: 601, cursor: '2024-02-28T00:33:20Z' });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await runs.run(FOURTH, { fullRefresh: true });
    expect(await shop.rows('select id::int as id, count(*)::int as n from lake where deleted group by id')).toEqual(
      fullRefresh ? [{ id: 3, n: 1 }] : [],
    );
    await shop.close();
  });

  it('of a table that is compared: the next one is compared with what it has brought', async () => {
    const shop = await openOrders(servers, 20, { cursor: undefined, hardDeletes: true });
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    await shop.sql.query('DELETE FROM orders WHERE id = 20');
    await runs.dies(SECOND, 'PutObject _loadin/commits/', 'after');
    expect(outcomeOf(await runs.run(THIRD))).toMatchObject({ ...ended, read: 19, deduplicated: 19 });
    expect(await shop.rows('select id::int as id from lake where deleted')).toEqual([{ id: 20 }]);
    expect(await runs.checkpoint()).toMatchObject({ last_sync_timestamp: THIRD });
    await shop.close();
  });

  it('of another job is that job’s alone', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await runs.dies(FIRST, 'PutObject _loadin/commits/', 'after', { job: 'weekly' });
    const pending = await shop.pending();
    expect(pending).not.toEqual([]);
    expect(outcomeOf(await runs.run(SECOND))).toMatchObject({ ...ended, read: 20, deduplicated: 20 });
    expect(await shop.pending()).toEqual(pending);
    expect(outcomeOf(await runs.run(SECOND, { job: 'weekly' }))).toMatchObject({ ...ended, read: 20, deduplicated: 20 });
    expect(await shop.pending()).toEqual([]);
    expect(await lakeSum(shop)).toMatchObject({ rows: 40 });
    await shop.close();
  });

  it('may be ended by several at once', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    await runs.dies(SECOND, 'PutObject _loadin/commits/', 'after');
    const [third, ...found] = await Promise.all([runs.run(THIRD), runs.last(), runs.last(), runs.last()]);
    expect(outcomeOf(third)).toMatchObject({ ...ended, read: 1, deduplicated: 1 });
    expect(new Set([...found.map((last) => last?.runId), third.run_id]).size).toBeLessThanOrEqual(2);
    expect(await shop.pending()).toEqual([]);
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(await runs.checkpoint()).toMatchObject({ cursor: '2024-03-01T02:56:00Z' });
    await shop.close();
  });

  it('longer ago than S3 keeps uploads: what it had read is read again, and the report says which files to remove', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    await runs.dies(SECOND, 'CompleteMultipartUpload data/', 'after');
    const visible = await shop.keys('data/bronze/');
    await runs.clock.advance(8 * 86_400_000);
    const logger = createRecordingLogger();
    const third = await runs.run('2024-03-09T00:00:00Z', { logger });
    // Of four changed rows one file could be seen, and is to be taken away by hand.
    expect(outcomeOf(third)).toMatchObject({ ...ended, read: 20, deduplicated: 16 });
    const said = third.streams[0]?.notes.find(({ kind }) => kind === 'skipped')?.message ?? '';
    expect(said).toMatch(/^The run [\da-f-]{36} has committed postgres.orders and can't be completed any more \(The uploads .* are 8 days old/);
    const [, pattern = 'none'] = /remove them, .*part-\*-([\da-f-]{36}\.parquet)$/.exec(said) ?? [];
    const ofSecond = visible.filter((key) => key.endsWith(pattern));
    expect(ofSecond).toHaveLength(1);
    for (const key of ofSecond) await shop.remove(key);
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    // It is said once, and the runs go on.
    expect((await runs.run('2024-03-09T01:00:00Z')).streams[0]?.notes).toEqual([]);
    await shop.close();
  });

  it('and may not be completed for want of a permission: nobody goes on without it, and with the permission it is gone on from', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    await runs.dies(SECOND, 'PutObject _loadin/commits/', 'after');
    const denied = () => Promise.reject(Object.assign(new Error('Access Denied'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
    const client = pausedAt('CompleteMultipartUpload', servers.client, denied);
    await expect(runs.run(THIRD, { context: { client } })).rejects.toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('access denied'),
    });
    expect(outcomeOf(await runs.run(FOURTH))).toEqual({ ...ended, read: 1, deduplicated: 1, cursor: '2024-03-01T02:56:00Z' });
    expect(outcomeOf(await runs.run(SECOND))).toMatchObject(ended);
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('with a commit record that some other program has written: the others go on, and say so', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop, 2);
    const killed = await runs.dies(SECOND, 'PutObject _loadin/commits/', 'after');
    const key = killed.calls.find((call) => call.startsWith('PutObject _loadin/commits/'))?.slice('PutObject '.length) ?? '';
    const record = JSON.parse(await shop.text(key)) as object;
    await servers.client.send(new PutObjectCommand({ Bucket: shop.bucket, Key: key, Body: JSON.stringify({ ...record, details: {} }) }));
    const third = await runs.run(THIRD);
    expect(outcomeOf(third)).toMatchObject({ ...ended, read: 20, deduplicated: 16 });
    expect(third.streams[0]?.notes[0]?.message).toContain('The commit record does not say what the load came to');
    expect(await twice(shop)).toEqual([]);
    await shop.close();
  });

  it('before the checkpoint was put back by hand: it stays back', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    const { revision } = (await shop.context.state.get('checkpoint/bronze/postgres.orders')) ?? { revision: null };
    await shop.context.state.put('checkpoint/bronze/postgres.orders', { last_sync_timestamp: null }, revision);
    expect(outcomeOf(await runs.run(SECOND))).toMatchObject({ ...ended, read: 20, deduplicated: 0 });
    await shop.close();
  });
});

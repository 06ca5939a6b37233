import { ListShardsCommand, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { RetryableError } from '@loadin/resilience';
import { batchOf, createManualClock, recordOf, recordsOf } from '@loadin/testing';
import { failing, openStreams, options, type Streams } from './streams.fixture.js';

const HALF = 2n ** 127n;

describe('createKinesisSink and the shards of a stream', () => {
  let local: Streams;
  beforeAll(async () => {
    local = await openStreams();
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());

  /** Of the page after the first shard. */
  const tokenOf = async (stream: string): Promise<string | undefined> =>
    (await local.client.send(new ListShardsCommand({ StreamName: stream, MaxResults: 1 }))).NextToken;
  const split = async (stream: string): Promise<void> => {
    const [ShardToSplit] = await local.openShards(stream);
    await local.client.send(new SplitShardCommand({ StreamName: stream, ShardToSplit, NewStartingHashKey: String(HALF) }));
  };
  const merge = async (stream: string): Promise<void> => {
    const [ShardToMerge, AdjacentShardToMerge] = await local.openShards(stream);
    await local.client.send(new MergeShardsCommand({ StreamName: stream, ShardToMerge, AdjacentShardToMerge }));
  };

  it('lists the shards once, and writes to each by the MD5 of the key', async () => {
    const stream = await local.stream(4);
    const sink = local.sinkTo(stream);
    await sink.write(batchOf(recordsOf(400)), options());
    await sink.write(batchOf(recordsOf(400, 400)), options());
    const { shardLists, shards, accepted, sent } = sink.stats();
    expect({ shardLists, accepted, sent }).toEqual({ shardLists: 1, accepted: 800, sent: 800 });
    expect(shards.map(({ id }) => id).sort()).toEqual(await local.openShards(stream));
  });

  it('delivers what other shards take while one is full, and leaves only what is for that one pending', async () => {
    const stream = await local.stream(2);
    const [full] = await local.openShards(stream);
    const client = local.clientAround('PutRecords', async (_, call) => {
      const answer = (await call()) as {
        output: { FailedRecordCount: number; Records: { ShardId?: string; ErrorCode?: string; ErrorMessage?: string }[] };
      };
      answer.output.Records = answer.output.Records.map((entry) =>
        entry.ShardId === full
          ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: `Rate exceeded for shard ${full} in stream x` }
          : entry,
      );
      return answer;
    });
    const sink = local.sinkTo(stream, { client, recordAttempts: 4 });
    const { acks, error } = await sink.write(batchOf(recordsOf(3_000)), options());
    const delivered = acks.filter(({ status }) => status === 'delivered').length;
    expect(delivered + acks.filter(({ status }) => status === 'pending').length).toBe(3_000);
    expect(delivered).toBeGreaterThan(1_400);
    expect(delivered).toBeLessThan(1_600);
    expect(error).toBeInstanceOf(RetryableError);
    const { shards, outstanding } = sink.stats();
    expect(shards.find(({ id }) => id === full)).toMatchObject({ waiting: 0 });
    expect(shards.find(({ id }) => id === full)?.share).toBeLessThan(0.6);
    expect(shards.find(({ id }) => id !== full)?.share).toBe(1);
    expect(outstanding).toBe(0);
    client.destroy();
  });

  it.each([
    ['split', split, 1],
    ['merged', merge, 2],
  ])('keeps the order of every key while shards are %s, and learns where they go now', async (_, change, shards) => {
    const stream = await local.stream(shards);
    let requests = 0;
    const client = local.clientAround('PutRecords', async (__, call) => {
      if ((requests += 1) === 3) await change(stream);
      return call();
    });
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.2 }, seed: 3 });
    const keys = Array.from({ length: 60 }, (__, n) => `artist_${n}`);
    const records = Array.from({ length: 12 }, (__, version) => keys.map((id) => recordOf(id, { artist_id: id, version }))).flat();
    const sink = local.sinkTo(stream, { client });
    const { acks } = await sink.write(batchOf(records), options());
    expect(acks.every(({ status }) => status === 'delivered')).toBe(true);
    const stored = await local.records(stream); // shard after shard, parents before children
    expect(stored).toHaveLength(records.length);
    for (const id of keys)
      expect(stored.filter(({ key }) => key === id).map(({ value }) => value['version'])).toEqual(
        records.filter((one) => one.id === id).map(({ value }) => value['version']),
      );
    expect(sink.stats().shardLists).toBe(2);
    expect(
      sink
        .stats()
        .shards.map(({ id }) => id)
        .sort(),
    ).toEqual(await local.openShards(stream));
    client.destroy();
  });

  it('delivers each record once through partial failures of a half, on several shards, with several batches', async () => {
    const stream = await local.stream(4);
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.5 }, seed: 8 });
    const sink = local.sinkTo(stream, { recordAttempts: 40 });
    const results = await Promise.all([0, 1, 2].map((part) => sink.write(batchOf(recordsOf(600, part * 600), { part }), options())));
    expect(results.flatMap(({ acks }) => acks).every(({ status }) => status === 'delivered')).toBe(true);
    const keys = (await local.records(stream)).map(({ key }) => key);
    expect(keys).toHaveLength(1_800);
    expect(new Set(keys).size).toBe(1_800);
    const { sent, accepted, refused, possibleDuplicates } = sink.stats();
    expect(accepted).toBe(1_800);
    expect(sent - accepted).toBe(Object.values(refused).reduce((sum, count) => sum + count, 0));
    expect(Object.keys(refused).sort()).toEqual(['InternalFailure', 'ProvisionedThroughputExceededException']);
    expect(possibleDuplicates).toBe(0);
  });

  it('counts what can be in the stream twice because an answer was lost', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'lostAnswer', nth: 1 });
    const sink = local.sinkTo(stream);
    await sink.write(batchOf(recordsOf(5)), options());
    expect(sink.stats()).toMatchObject({ possibleDuplicates: 5, accepted: 5 });
    expect(await local.records(stream)).toHaveLength(10);
  });

  it('puts records where an explicit hash key says, and knows that', async () => {
    const stream = await local.stream(2);
    const [, upper] = await local.openShards(stream);
    const answered = new Set<string | undefined>();
    const client = local.clientAround('PutRecords', async (_, call) => {
      const answer = (await call()) as { output: { Records: { ShardId?: string }[] } };
      for (const { ShardId } of answer.output.Records) answered.add(ShardId);
      return answer;
    });
    const sink = local.sinkTo(stream, { client, explicitHashKey: () => String(HALF) });
    await sink.write(batchOf(recordsOf(40)), options());
    expect([...answered]).toEqual([upper]);
    expect(sink.stats()).toMatchObject({ shardLists: 1, shards: [{ id: upper }] });
    client.destroy();
  });

  it('does without the shards when it may not list them, and says so once', async () => {
    const stream = await local.stream(2);
    const client = local.clientAround('ListShards', () => Promise.reject(failing('AccessDeniedException')));
    const sink = local.sinkTo(stream, { client });
    const counted = options();
    const { acks } = await sink.write(batchOf(recordsOf(1_000)), counted);
    await sink.write(batchOf(recordsOf(10, 1_000)), counted);
    expect(acks.every(({ status }) => status === 'delivered')).toBe(true);
    expect(counted.logger.messages('warn')).toEqual(['The shards of the stream can not be listed; it is written to without knowing them']);
    expect(sink.stats().shards).toEqual([{ id: undefined, share: 1, waiting: 0 }]);
    client.destroy();
  });

  it('reads a list of shards that has several pages', async () => {
    const stream = await local.stream(4);
    const pages: object[] = [];
    const client = local.clientAround('ListShards', async (input, call) => {
      pages.push(input);
      const answer = (await call()) as { output: { Shards: object[]; NextToken?: string } };
      if (pages.length === 1) answer.output = { ...answer.output, Shards: [], NextToken: await tokenOf(stream) };
      return answer;
    });
    const sink = local.sinkTo(stream, { client });
    await sink.write(batchOf(recordsOf(100)), options());
    expect(pages).toEqual([{ StreamName: stream, ShardFilter: { Type: 'AT_LATEST' } }, { NextToken: expect.any(String) }]);
    client.destroy();
  });

  it('asks for no list where it is told not to', async () => {
    const stream = await local.stream(2);
    const sink = local.sinkTo(stream, { routeByShard: false });
    await sink.write(batchOf(recordsOf(10)), options());
    expect(sink.stats().shardLists).toBe(0);
  });

  it('recognises a stream that does not go by keys, and writes to it at one pace', async () => {
    const stream = await local.stream(2);
    const client = local.clientAround('PutRecords', async (_, call) => {
      const answer = (await call()) as { output: { Records: { ShardId?: string }[] } };
      const ids = await local.openShards(stream);
      answer.output.Records = answer.output.Records.map((entry, n) => ({ ...entry, ShardId: ids[n % 2] }));
      return answer;
    });
    const counted = options();
    const clock = createManualClock(0);
    const sink = local.sinkTo(stream, { client, clock });
    for (let batch = 0; batch < 12; batch += 1) {
      await sink.write(batchOf(recordsOf(40, batch * 40)), counted);
      await clock.sleep(1_100);
    }
    expect(counted.logger.messages('warn')).toEqual(['Kinesis does not place records by their keys; all shards are written to at one pace']);
    expect(sink.stats().shards.map(({ id }) => id)).toEqual([undefined]);
    client.destroy();
  });
});

import { ListShardsCommand, MergeShardsCommand, PutRecordsCommand, SplitShardCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { createMeter } from '@loadin/observability';
import type { SinkOptions } from '@loadin/pipeline';
import { FatalError, RetryableError } from '@loadin/resilience';
import { batchOf, createManualClock, createRandom, createRecordingLogger, recordOf, recordsOf } from '@loadin/testing';
import { createKinesisSink } from './kinesis-sink.js';
import { startLocalKinesis, type LocalKinesis } from './local-kinesis.fixture.js';
import type { KinesisSinkOptions } from './options.js';

const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: createRecordingLogger() }) satisfies SinkOptions;
const HALF = 2n ** 127n;

/** What a test does with a call before it goes out, or instead. */
type Around = (input: object, call: () => Promise<unknown>) => Promise<unknown>;

describe('createKinesisSink and the shards of a stream', () => {
  let local: LocalKinesis;
  beforeAll(async () => {
    local = await startLocalKinesis({ recordsPerShardSecond: 1_000_000, bytesPerShardSecond: 1_000_000_000 });
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());

  const sinkTo = (streamName: string, more: Partial<KinesisSinkOptions> = {}) =>
    createKinesisSink({ client: local.client, streamName, clock: createManualClock(0), random: createRandom(1), ...more });
  const openShards = async (stream: string) =>
    ((await local.client.send(new ListShardsCommand({ StreamName: stream, ShardFilter: { Type: 'AT_LATEST' } }))).Shards ?? []).map((shard) =>
      String(shard.ShardId),
    );
  /** Of the page after the first shard. */
  const tokenOf = async (stream: string): Promise<string | undefined> =>
    (await local.client.send(new ListShardsCommand({ StreamName: stream, MaxResults: 1 }))).NextToken;
  const split = async (stream: string): Promise<void> => {
    const [ShardToSplit] = await openShards(stream);
    await local.client.send(new SplitShardCommand({ StreamName: stream, ShardToSplit, NewStartingHashKey: String(HALF) }));
  };
  const merge = async (stream: string): Promise<void> => {
    const [ShardToMerge, AdjacentShardToMerge] = await openShards(stream);
    await local.client.send(new MergeShardsCommand({ StreamName: stream, ShardToMerge, AdjacentShardToMerge }));
  };
  /** A client whose calls of one operation a test stands around; the answers are of the server unless the test gives others. */
  const clientAround = (operation: string, around: Around): KinesisClient => {
    const client = local.newClient(1);
    client.middlewareStack.add(
      (next, { commandName }) =>
        (async (args) => (commandName === `${operation}Command` ? around(args.input, () => next(args)) : next(args))) as typeof next,
      { step: 'initialize', name: 'around' },
    );
    return client;
  };
  const failing = (name: string, status = 400): Error =>
    Object.assign(new Error(`no (${name})`), { name, $metadata: { httpStatusCode: status, attempts: 1 } });

  it('lists the shards once, and writes to each by the MD5 of the key', async () => {
    const stream = await local.stream(4);
    const sink = sinkTo(stream);
    await sink.write(batchOf(recordsOf(400)), options());
    await sink.write(batchOf(recordsOf(400, 400)), options());
    const { shardLists, shards, accepted, sent } = sink.stats();
    expect({ shardLists, accepted, sent }).toEqual({ shardLists: 1, accepted: 800, sent: 800 });
    expect(shards.map(({ id }) => id).sort()).toEqual(await openShards(stream));
  });

  it('delivers what other shards take while one is full, and leaves only what is for that one pending', async () => {
    const stream = await local.stream(2);
    const [full] = await openShards(stream);
    const client = clientAround('PutRecords', async (_, call) => {
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
    const sink = sinkTo(stream, { client, recordAttempts: 4 });
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
    const client = clientAround('PutRecords', async (__, call) => {
      if ((requests += 1) === 3) await change(stream);
      return call();
    });
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.2 }, seed: 3 });
    const keys = Array.from({ length: 60 }, (__, n) => `artist_${n}`);
    const records = Array.from({ length: 12 }, (__, version) => keys.map((id) => recordOf(id, { artist_id: id, version }))).flat();
    const sink = sinkTo(stream, { client });
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
    ).toEqual(await openShards(stream));
    client.destroy();
  });

  it('delivers each record once through partial failures of a half, on several shards, with several batches', async () => {
    const stream = await local.stream(4);
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.5 }, seed: 8 });
    const sink = sinkTo(stream, { recordAttempts: 40 });
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
    const sink = sinkTo(stream);
    await sink.write(batchOf(recordsOf(5)), options());
    expect(sink.stats()).toMatchObject({ possibleDuplicates: 5, accepted: 5 });
    expect(await local.records(stream)).toHaveLength(10);
  });

  it('puts records where an explicit hash key says, and knows that', async () => {
    const stream = await local.stream(2);
    const [, upper] = await openShards(stream);
    const answered = new Set<string | undefined>();
    const client = clientAround('PutRecords', async (_, call) => {
      const answer = (await call()) as { output: { Records: { ShardId?: string }[] } };
      for (const { ShardId } of answer.output.Records) answered.add(ShardId);
      return answer;
    });
    const sink = sinkTo(stream, { client, explicitHashKey: () => String(HALF) });
    await sink.write(batchOf(recordsOf(40)), options());
    expect([...answered]).toEqual([upper]);
    expect(sink.stats()).toMatchObject({ shardLists: 1, shards: [{ id: upper }] });
    client.destroy();
  });

  it('does without the shards when it may not list them, and says so once', async () => {
    const stream = await local.stream(2);
    const client = clientAround('ListShards', () => Promise.reject(failing('AccessDeniedException')));
    const sink = sinkTo(stream, { client });
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
    const client = clientAround('ListShards', async (input, call) => {
      pages.push(input);
      const answer = (await call()) as { output: { Shards: object[]; NextToken?: string } };
      if (pages.length === 1) answer.output = { ...answer.output, Shards: [], NextToken: await tokenOf(stream) };
      return answer;
    });
    const sink = sinkTo(stream, { client });
    await sink.write(batchOf(recordsOf(100)), options());
    expect(pages).toEqual([{ StreamName: stream, ShardFilter: { Type: 'AT_LATEST' } }, { NextToken: expect.any(String) }]);
    client.destroy();
  });

  it('gives a record up that is refused with a code that is none of AWS, and goes on with its key', async () => {
    const stream = await local.stream(1);
    const client = clientAround('PutRecords', async (input, call) => {
      const { Records: sent } = input as { readonly Records: readonly { readonly Data: Uint8Array }[] };
      const answer = (await call()) as { output: { Records: object[] } };
      const refused = { ErrorCode: 'Strange', ErrorMessage: 'not today' };
      answer.output.Records = answer.output.Records.map((entry, n) => (Buffer.from(sent[n]?.Data ?? []).includes('"n":1') ? refused : entry));
      return answer;
    });
    const records = [1, 2].map((n) => recordOf('same', { n }));
    const { acks } = await sinkTo(stream, { client, recordAttempts: 3 }).write(batchOf(records), options());
    expect(acks).toEqual([
      { status: 'undeliverable', errorClass: 'Strange', reason: 'Kinesis refused it 3 times, last with Strange: not today' },
      { status: 'delivered' },
    ]);
    client.destroy();
  });

  it('asks for no list where it is told not to', async () => {
    const stream = await local.stream(2);
    const sink = sinkTo(stream, { routeByShard: false });
    await sink.write(batchOf(recordsOf(10)), options());
    expect(sink.stats().shardLists).toBe(0);
  });

  it('recognises a stream that does not go by keys, and writes to it at one pace', async () => {
    const stream = await local.stream(2);
    const client = clientAround('PutRecords', async (_, call) => {
      const answer = (await call()) as { output: { Records: { ShardId?: string }[] } };
      const ids = await openShards(stream);
      answer.output.Records = answer.output.Records.map((entry, n) => ({ ...entry, ShardId: ids[n % 2] }));
      return answer;
    });
    const counted = options();
    const clock = createManualClock(0);
    const sink = sinkTo(stream, { client, clock });
    for (let batch = 0; batch < 12; batch += 1) {
      await sink.write(batchOf(recordsOf(40, batch * 40)), counted);
      await clock.sleep(1_100);
    }
    expect(counted.logger.messages('warn')).toEqual(['Kinesis does not place records by their keys; all shards are written to at one pace']);
    expect(sink.stats().shards.map(({ id }) => id)).toEqual([undefined]);
    client.destroy();
  });

  it('keeps what was accepted when the answer for another record of the request is fatal', async () => {
    const stream = await local.stream(1);
    const client = clientAround('PutRecords', async (input, call) => {
      const answer = (await call()) as { output: { Records: object[] } };
      const [, ...others] = answer.output.Records;
      return {
        ...answer,
        output: { ...answer.output, Records: [{ ErrorCode: 'KMSDisabledException', ErrorMessage: 'the key is disabled' }, ...others] },
        input,
      };
    });
    const { acks, error } = await sinkTo(stream, { client }).write(batchOf(recordsOf(3)), options());
    expect(acks.map(({ status }) => status)).toEqual(['pending', 'delivered', 'delivered']);
    expect(error).toBeInstanceOf(FatalError);
    expect(error?.message).toContain('the encryption key cannot be used (KMSDisabledException): the key is disabled');
    client.destroy();
  });

  it.each([
    ['KMSAccessDeniedException', FatalError],
    ['ResourceNotFoundException', FatalError],
    ['KMSThrottlingException', RetryableError],
    ['InternalFailureException', RetryableError],
  ])('classes a request that fails with %s by the table', async (name, kind) => {
    const stream = await local.stream(1);
    let calls = 0;
    const client = clientAround('PutRecords', () => {
      calls += 1;
      return Promise.reject(failing(name));
    });
    await expect(sinkTo(stream, { client }).write(batchOf(recordsOf(3)), options())).rejects.toBeInstanceOf(kind);
    expect(calls).toBe(kind === FatalError ? 1 : 3);
    client.destroy();
  });

  it('lets no more in than may be outstanding, with several requests under way', async () => {
    const stream = await local.stream(2);
    let inRequests = 0;
    let most = 0;
    let requests = 0;
    let mostRequests = 0;
    const client = clientAround('PutRecords', async (input, call) => {
      const { length } = (input as { readonly Records: readonly unknown[] }).Records;
      most = Math.max(most, (inRequests += length));
      mostRequests = Math.max(mostRequests, (requests += 1));
      const answer = await call();
      inRequests -= length;
      requests -= 1;
      return answer;
    });
    const sink = sinkTo(stream, { client, maxOutstanding: { records: 1_000 }, concurrency: 8, shardRecordsPerSecond: Infinity });
    const writing = Promise.all(Array.from({ length: 6 }, (_, part) => sink.write(batchOf(recordsOf(800, part * 800), { part }), options())));
    let outstanding = 0;
    const watch = setInterval(() => (outstanding = Math.max(outstanding, sink.stats().outstanding)), 1);
    await writing;
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(1_000);
    expect(mostRequests).toBeGreaterThan(1);
    expect(outstanding).toBeLessThanOrEqual(1_000);
    client.destroy();
  });

  it('shares requests between batches, and ends only the one that is cancelled', async () => {
    const stream = await local.stream(1);
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { latencyMs: 150 } });
    const controller = new AbortController();
    const sink = sinkTo(stream, { concurrency: 1 });
    await sink.write(batchOf([recordOf('before', { n: 0 })]), options()); // now it knows the shards
    const first = sink.write(batchOf([recordOf('first', { n: 1 })]), options()); // the request under way while the others come
    const stays = sink.write(batchOf(recordsOf(50)), options());
    const goes = sink.write(batchOf(recordsOf(50, 50)), { ...options(), signal: controller.signal });
    await first;
    controller.abort(new FatalError('enough'));
    await expect(goes).rejects.toThrow('enough');
    expect((await stays).acks.every(({ status }) => status === 'delivered')).toBe(true);
    expect(sink.stats().requests).toBe(3);
  });

  it.each([
    [{ concurrency: 0 }, 'concurrency is 0; it must be at least 1'],
    [{ maxRecordBytes: 11_000_000 }, 'maxRecordBytes is 11000000; it must be from 1 to 10485760'],
    [{ maxRequestBytes: NaN }, 'maxRequestBytes is NaN; it must be from 1 to 10485760'],
    [{ maxOutstanding: { records: -1 } }, 'maxOutstanding.records is -1; it must be at least 1'],
  ])('refuses options that can not be: %j', (wrong, message) => {
    expect(() => sinkTo('any', wrong)).toThrow(new FatalError(`createKinesisSink: ${message}`));
  });

  it('takes records as large as the stream does, in requests up to 10 MiB', async () => {
    expect(new PutRecordsCommand({ Records: [] }).input).toEqual({ Records: [] });
    expect(() => sinkTo('any', { maxRecordBytes: 10 * 1024 * 1024, maxRequestBytes: 10 * 1024 * 1024 })).not.toThrow();
    const stream = await local.stream(1);
    const counted = options();
    const records = Array.from({ length: 10 }, (_, n) => recordOf(`big_${n}`, { text: 'x'.repeat(1_000_000) }));
    await sinkTo(stream, { maxRequestBytes: 10 * 1024 * 1024, shardBytesPerSecond: Infinity }).write(batchOf(records), counted);
    expect(counted.meter.totals.requests).toBe(1);
  });
});

import { KinesisClient } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { createMeter } from '@loadin/observability';
import type { BatchRecord, SinkOptions } from '@loadin/pipeline';
import { FatalError, oneLine, RetryableError, StopError, systemClock } from '@loadin/resilience';
import {
  batchOf,
  createManualClock,
  createRandom,
  createRecordingLogger,
  recordOf,
  recordsOf,
  sinkChecks,
  type SinkUnderTest,
  type TargetFault,
} from '@loadin/testing';
import { createKinesisSink } from './kinesis-sink.js';
import type { KinesisSinkOptions } from './options.js';
import { startLocalKinesis, type LocalKinesis } from './local-kinesis.fixture.js';

const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: createRecordingLogger() }) satisfies SinkOptions;
const versionsOf = (id: string, count: number): BatchRecord[] =>
  Array.from({ length: count }, (_, version) => recordOf(id, { artist_id: id, version }));

describe('createKinesisSink', () => {
  let local: LocalKinesis;
  beforeAll(async () => {
    local = await startLocalKinesis({ recordsPerShardSecond: 1_000_000, bytesPerShardSecond: 1_000_000_000 });
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());

  const sinkTo = (streamName: string, more: Partial<KinesisSinkOptions> = {}) =>
    createKinesisSink({ client: local.client, streamName, clock: createManualClock(0), random: createRandom(1), ...more });
  const idsIn = async (stream: string): Promise<string[]> => (await local.records(stream)).map(({ key }) => key);

  const misbehave = (fault: TargetFault | 'none', resource: string): void => {
    const puts = { service: 'kinesis', operation: 'PutRecords', resource } as const;
    local.aws.faults.clear();
    if (fault === 'error') local.aws.faults.add({ ...puts, effect: 'error500' });
    if (fault === 'lost-answer') local.aws.faults.add({ ...puts, effect: 'lostAnswer', nth: 1 });
    if (fault === 'throttle') local.aws.faults.add({ ...puts, effect: 'throttle', first: 2 });
    if (fault === 'hang') local.aws.faults.add({ ...puts, effect: { latencyMs: 5_000 } });
    if (fault === 'partial') local.aws.faults.add({ ...puts, effect: { partialRate: 0.5 }, seed: 3 });
  };
  const underTest = async (): Promise<SinkUnderTest> => {
    const stream = await local.stream();
    const another = () => sinkTo(stream, { recordAttempts: 2 });
    const readBack = async () => (await local.records(stream)).map(({ key, value }) => ({ id: key, record: value }));
    return { sink: another(), another, readBack, target: (fault) => misbehave(fault, stream) };
  };
  const faults = ['error', 'lost-answer', 'throttle', 'hang', 'partial'] as const;
  it.each(sinkChecks(underTest, { once: 'at-least', ordered: true, oversizeBytes: 1_048_576, faults }))('$name', ({ run }) => run());

  it('sends the record with its type, time, hash and run, keyed by its id', async () => {
    const stream = await local.stream();
    const record = recordOf('spotify_1', { artist_id: 'spotify_1', name: 'Radiohead' });
    await sinkTo(stream).write(batchOf([record]), options());
    expect(await local.records(stream)).toEqual([
      {
        key: 'spotify_1',
        value: {
          artist_id: 'spotify_1',
          name: 'Radiohead',
          data_type: 'artists',
          ingestion_timestamp: '2024-11-08T12:00:00Z',
          record_hash: record.hash,
          run_id: batchOf([]).runId,
        },
      },
    ]);
  });

  it('cuts a batch into requests of 500 records', async () => {
    const stream = await local.stream();
    const counted = options();
    await sinkTo(stream).write(batchOf(recordsOf(1_201)), counted);
    expect(counted.meter.totals).toMatchObject({ requests: 3, retries: 0, waits: 0 });
    expect(new Set(await idsIn(stream)).size).toBe(1_201);
  });

  it('cuts a batch into requests of 5 MiB', async () => {
    const stream = await local.stream();
    const counted = options();
    const records = Array.from({ length: 12 }, (_, n) => recordOf(`big_${n}`, { n, text: 'x'.repeat(900_000) }));
    await sinkTo(stream, { shardBytesPerSecond: Infinity }).write(batchOf(records), counted);
    expect(counted.meter.totals.requests).toBe(3);
    expect((await idsIn(stream)).sort()).toEqual(records.map(({ id }) => id).sort());
  });

  it('repeats only the records that were refused', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.5 }, seed: 11 });
    const counted = options();
    const { acks } = await sinkTo(stream).write(batchOf(recordsOf(2_000)), counted);
    expect(acks.every((ack) => ack.status === 'delivered')).toBe(true);
    const ids = await idsIn(stream);
    expect(ids).toHaveLength(2_000);
    expect(new Set(ids).size).toBe(2_000);
    expect(counted.meter.totals.retries).toBeGreaterThan(3);
    expect(counted.meter.totals.waits).toBeGreaterThan(3);
    expect(counted.logger.messages('debug')).toContain('Kinesis refused a part of a request; only that is repeated');
  });

  it('keeps the order of a key, and sends the next of a key only after the first was accepted', async () => {
    const stream = await local.stream(4);
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 0.3 }, seed: 5 });
    const keys = Array.from({ length: 20 }, (_, n) => `artist_${n}`);
    const records = Array.from({ length: 6 }, (_, version) => keys.map((id) => recordOf(id, { artist_id: id, version }))).flat();
    await sinkTo(stream, { concurrency: 4 }).write(batchOf(records), options());
    const stored = await local.records(stream);
    expect(stored).toHaveLength(records.length);
    for (const id of keys) expect(stored.filter(({ key }) => key === id).map(({ value }) => value['version'])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps a key to one request at a time over concurrent batches too', async () => {
    const stream = await local.stream();
    let underWay = 0;
    let most = 0;
    const client = local.newClient();
    const counting = { step: 'initialize', name: 'countUnderWay' } as const;
    client.middlewareStack.add(
      (next) => async (args) => {
        most = Math.max(most, (underWay += 1));
        return next(args).finally(() => (underWay -= 1));
      },
      counting,
    );
    const sink = sinkTo(stream, { client, concurrency: 4 });
    await Promise.all(Array.from({ length: 4 }, (_, part) => sink.write(batchOf(versionsOf('same', 3), { part }), options())));
    expect(most).toBe(1);
    expect(await idsIn(stream)).toHaveLength(12);
    client.destroy();
  });

  it('leaves pending what a full shard refuses again and again, keeps what was accepted, and says why', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 1 }, nth: 2 });
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 1 }, nth: 3 });
    const clock = createManualClock(0);
    const { acks, error } = await sinkTo(stream, { recordAttempts: 2, clock, concurrency: 1 }).write(batchOf(versionsOf('same', 3)), options());
    expect(acks).toEqual([{ status: 'delivered' }, { status: 'pending' }, { status: 'pending' }]);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error?.message).toMatch(/^Kinesis refused a record 2 times, last with /);
    expect(error?.hint).toContain('more shards');
    expect((await local.records(stream)).map(({ value }) => value['version'])).toEqual([0]);
  });

  it('throws when a full shard took nothing of a batch', async () => {
    const stream = await local.stream(1);
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 1 } });
    const clock = createManualClock(0);
    await expect(sinkTo(stream, { recordAttempts: 3, clock }).write(batchOf(recordsOf(4)), options())).rejects.toThrow(
      /^Kinesis refused a record 3 times/,
    );
    expect(clock.sleeps).toHaveLength(2);
  });

  it('waits longer after each refusal, up to the cap', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: { partialRate: 1 }, first: 8 });
    const clock = createManualClock(0);
    await sinkTo(stream, { clock, random: () => 0.999_999, backoffBaseMs: 100, backoffMaxMs: 2_000 }).write(batchOf(recordsOf(1)), options());
    expect(clock.sleeps).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  });

  it('answers for an oversize record and an impossible key without sending them', async () => {
    const stream = await local.stream();
    const records = [recordOf('huge', { text: 'x'.repeat(1_048_576) }), recordOf('fine', { n: 1 }), recordOf('k'.repeat(300), { n: 2 })];
    const { acks } = await sinkTo(stream).write(batchOf(records), options());
    expect(acks.map((ack) => (ack.status === 'undeliverable' ? ack.errorClass : ack.status))).toEqual([
      'RecordTooLarge',
      'delivered',
      'InvalidPartitionKey',
    ]);
    expect(await idsIn(stream)).toEqual(['fine']);
  });

  it('makes no request for a batch of which nothing can be sent', async () => {
    const counted = options();
    await sinkTo('anything').write(batchOf([recordOf('', { n: 1 })]), counted);
    expect(counted.meter.totals.requests).toBe(0);
  });

  it('loses nothing when the answer to a request is lost: records come twice, the same', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'lostAnswer', nth: 1 });
    const { acks } = await sinkTo(stream).write(batchOf(recordsOf(5)), options());
    expect(acks.every((ack) => ack.status === 'delivered')).toBe(true);
    const hashes = new Map<string, Set<unknown>>();
    for (const { key, value } of await local.records(stream)) hashes.set(key, (hashes.get(key) ?? new Set()).add(value['record_hash']));
    expect([...hashes.keys()].sort()).toEqual(recordsOf(5).map(({ id }) => id));
    expect([...hashes.values()].every((versions) => versions.size === 1)).toBe(true);
  });

  it('repeats a whole request that failed after all tries of the SDK', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'error500', first: 4 });
    const counted = options();
    await sinkTo(stream).write(batchOf(recordsOf(5)), counted);
    expect(await idsIn(stream)).toHaveLength(5);
    expect(counted.meter.totals).toMatchObject({ requests: 5, waits: 1 });
    expect(counted.logger.messages('warn')).toEqual(['A whole Kinesis request failed; it will be repeated']);
  });

  it('throws a RetryableError when whole requests keep failing, with no record given up', async () => {
    const stream = await local.stream();
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'error500' });
    const error = await sinkTo(stream, { requestAttempts: 2 })
      .write(batchOf(recordsOf(5)), options())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ where: `kinesis://${stream}` });
    expect(await idsIn(stream)).toEqual([]);
  });

  it('counts only failures in a row', async () => {
    const stream = await local.stream();
    const client = local.newClient(1);
    const rule = { service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'error500' } as const;
    local.aws.faults.add({ ...rule, nth: 1 }, { ...rule, nth: 3 }, { ...rule, nth: 5 });
    await sinkTo(stream, { client, requestAttempts: 2, concurrency: 1 }).write(batchOf(recordsOf(1_500)), options());
    expect(await idsIn(stream)).toHaveLength(1_500);
    client.destroy();
  });

  it('goes on with other batches after one has failed', async () => {
    const stream = await local.stream();
    const sink = sinkTo(stream, { requestAttempts: 1 });
    local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect: 'error500', first: 3 });
    await expect(sink.write(batchOf(recordsOf(5)), options())).rejects.toBeInstanceOf(RetryableError);
    await sink.write(batchOf(recordsOf(5)), options());
    expect(await idsIn(stream)).toHaveLength(5);
  });

  it('says which stream is missing and what to do', async () => {
    const error = await sinkTo('not-there')
      .write(batchOf(recordsOf(1)), options())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect(oneLine(error)).toBe(
      'Kinesis PutRecords: it does not exist in this account and region (ResourceNotFoundException) (kinesis://not-there). Create it (streams and tables: "loadin-setup create"), or correct its name and AWS_REGION.',
    );
  });

  it('says when nothing listens at the endpoint', async () => {
    const settings = { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
    const client = new KinesisClient(awsClientOptions(settings).kinesis);
    await expect(sinkTo('any', { client }).write(batchOf(recordsOf(1)), options())).rejects.toThrow(
      'nothing listens there (ECONNREFUSED): 127.0.0.1:1',
    );
    client.destroy();
  });

  it('stops at once with the reason when it is cancelled, in a request and in a wait', async () => {
    const stream = await local.stream();
    const reason = new StopError('no time left', { reason: 'deadline' });
    const cancelledAfter = async (effect: { latencyMs: number } | { partialRate: number }): Promise<unknown> => {
      local.aws.faults.clear();
      local.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', resource: stream, effect });
      const controller = new AbortController();
      const clock = createManualClock(0, { auto: false });
      const writing = sinkTo(stream, { clock }).write(batchOf(recordsOf(1_000)), { ...options(), signal: controller.signal });
      setTimeout(() => controller.abort(reason), 50);
      return writing.catch((thrown: unknown) => thrown);
    };
    expect(await cancelledAfter({ latencyMs: 2_000 })).toBe(reason);
    expect(await cancelledAfter({ partialRate: 1 })).toBe(reason);
  });
});

describe("createKinesisSink at a shard's limits", () => {
  it('delivers more than a shard takes in a second, each record once', async () => {
    const local = await startLocalKinesis({ recordsPerShardSecond: 400 });
    const stream = await local.stream(1);
    const counted = options();
    const sink = createKinesisSink({ client: local.client, streamName: stream, clock: systemClock, random: createRandom(3) });
    const { acks } = await sink.write(batchOf(recordsOf(1_000)), counted);
    expect(acks.every((ack) => ack.status === 'delivered')).toBe(true);
    const ids = (await local.records(stream)).map(({ key }) => key);
    expect(ids).toHaveLength(1_000);
    expect(new Set(ids).size).toBe(1_000);
    expect(counted.meter.totals.waits).toBeGreaterThan(0);
    expect(counted.meter.totals.requests).toBeLessThan(30);
    await local.close();
  });
});

import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { FatalError, RetryableError } from '@loadin/resilience';
import { batchOf, recordOf, recordsOf } from '@loadin/testing';
import { failing, openStreams, options, type Streams } from './streams.fixture.js';

describe('createKinesisSink and its requests', () => {
  let local: Streams;
  beforeAll(async () => {
    local = await openStreams();
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());

  it('gives a record up that is refused with a code that is none of AWS, and goes on with its key', async () => {
    const stream = await local.stream(1);
    const client = local.clientAround('PutRecords', async (input, call) => {
      const { Records: sent } = input as { readonly Records: readonly { readonly Data: Uint8Array }[] };
      const answer = (await call()) as { output: { Records: object[] } };
      const refused = { ErrorCode: 'Strange', ErrorMessage: 'not today' };
      answer.output.Records = answer.output.Records.map((entry, n) => (Buffer.from(sent[n]?.Data ?? []).includes('"n":1') ? refused : entry));
      return answer;
    });
    const records = [1, 2].map((n) => recordOf('same', { n }));
    const { acks } = await local.sinkTo(stream, { client, recordAttempts: 3 }).write(batchOf(records), options());
    expect(acks).toEqual([
      { status: 'undeliverable', errorClass: 'Strange', reason: 'Kinesis refused it 3 times, last with Strange: not today' },
      { status: 'delivered' },
    ]);
    client.destroy();
  });

  it('keeps what was accepted when the answer for another record of the request is fatal', async () => {
    const stream = await local.stream(1);
    const client = local.clientAround('PutRecords', async (input, call) => {
      const answer = (await call()) as { output: { Records: object[] } };
      const [, ...others] = answer.output.Records;
      return {
        ...answer,
        output: { ...answer.output, Records: [{ ErrorCode: 'KMSDisabledException', ErrorMessage: 'the key is disabled' }, ...others] },
        input,
      };
    });
    const { acks, error } = await local.sinkTo(stream, { client }).write(batchOf(recordsOf(3)), options());
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
    const client = local.clientAround('PutRecords', () => {
      calls += 1;
      return Promise.reject(failing(name));
    });
    await expect(local.sinkTo(stream, { client }).write(batchOf(recordsOf(3)), options())).rejects.toBeInstanceOf(kind);
    expect(calls).toBe(kind === FatalError ? 1 : 3);
    client.destroy();
  });

  it('lets no more in than may be outstanding, with several requests under way', async () => {
    const stream = await local.stream(2);
    let inRequests = 0;
    let most = 0;
    let requests = 0;
    let mostRequests = 0;
    const client = local.clientAround('PutRecords', async (input, call) => {
      const { length } = (input as { readonly Records: readonly unknown[] }).Records;
      most = Math.max(most, (inRequests += length));
      mostRequests = Math.max(mostRequests, (requests += 1));
      const answer = await call();
      inRequests -= length;
      requests -= 1;
      return answer;
    });
    const sink = local.sinkTo(stream, { client, maxOutstanding: { records: 1_000 }, concurrency: 8, shardRecordsPerSecond: Infinity });
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
    const sink = local.sinkTo(stream, { concurrency: 1 });
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
    expect(() => local.sinkTo('any', wrong)).toThrow(new FatalError(`createKinesisSink: ${message}`));
  });

  it('takes records as large as the stream does, in requests up to 10 MiB', async () => {
    expect(new PutRecordsCommand({ Records: [] }).input).toEqual({ Records: [] });
    expect(() => local.sinkTo('any', { maxRecordBytes: 10 * 1024 * 1024, maxRequestBytes: 10 * 1024 * 1024 })).not.toThrow();
    const stream = await local.stream(1);
    const counted = options();
    const records = Array.from({ length: 10 }, (_, n) => recordOf(`big_${n}`, { text: 'x'.repeat(1_000_000) }));
    await local.sinkTo(stream, { maxRequestBytes: 10 * 1024 * 1024, shardBytesPerSecond: Infinity }).write(batchOf(records), counted);
    expect(counted.meter.totals.requests).toBe(1);
  });
});

import { HeadObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { createMeter } from '@loadin/observability';
import { FatalError, RetryableError, StopError } from '@loadin/resilience';
import { createRecordingLogger } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import type { PendingUploadsOptions } from './types.js';
import {
  bytesOf,
  chunks,
  DONE_KEY,
  failure,
  KEYS,
  MIB,
  OF,
  pendingUploads,
  RECORD_KEY,
  throughClient,
  wholeOf,
  uploadsInto,
} from './uploads.fixture.js';

describe('uploads of an attempt', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const setUp = (options?: Partial<PendingUploadsOptions>) => uploadsInto(s3, options);

  it('shows nothing before its commit record, and after completion everything, byte for byte', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    const sizes = [12 * MIB + 3, 700];
    await Promise.all(KEYS.map((key, index) => attempt.upload(key, chunks(sizes[index] as number, index))));
    expect(await s3.keys(bucket)).toEqual([]);
    const { won, record } = await attempt.commit({ rows: 9 });
    expect(won).toBe(true);
    expect(await s3.keys(bucket)).toEqual([RECORD_KEY]);
    expect(await uploads.complete(record)).toEqual({ objects: 2, bytes: 12 * MIB + 703, existed: 0 });
    expect(await s3.keys(bucket)).toEqual([DONE_KEY, RECORD_KEY, ...KEYS]);
    for (const [index, key] of KEYS.entries())
      expect((await bytesOf(s3, bucket, key)).equals(await wholeOf(sizes[index] as number, index))).toBe(true);
    expect(await pendingUploads(s3, bucket)).toEqual([]);
  });

  it('lists bucket, key, upload, parts, size and checksum of each object in the commit record, and what the writer says', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    let rows = 0;
    const body = async function* () {
      rows = 3;
      yield* chunks(5 * MIB + 1);
    };
    const object = await attempt.upload(KEYS[0], body(), { describe: () => ({ rows }) });
    const { record } = await attempt.commit({ schema: 4 });
    const [[, upload] = []] = await pendingUploads(s3, bucket);
    expect(record).toEqual({
      version: 1,
      job: OF.job,
      run_id: OF.runId,
      stream: OF.stream,
      attempt: expect.any(String),
      bucket,
      started_at: '2024-11-08T12:00:00.000Z',
      objects: [object],
      details: { schema: 4 },
    });
    expect(object).toMatchObject({
      key: KEYS[0],
      upload_id: upload,
      bytes: 5 * MIB + 1,
      details: { rows: 3 },
      parts: [{ bytes: 5 * MIB }, { bytes: 1 }],
    });
    expect(JSON.parse(await s3.text(bucket, RECORD_KEY))).toEqual(record);
    expect(await uploads.record(OF)).toEqual(record);
    await uploads.complete(record);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: KEYS[0], ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumSHA256: object.checksum, Metadata: { 'run-id': OF.runId, stream: 'orders' } });
    expect(JSON.parse(await s3.text(bucket, DONE_KEY))).toEqual({
      ...{ version: 1, job: OF.job, run_id: OF.runId, stream: OF.stream, attempt: record.attempt },
      ...{ objects: 1, bytes: 5 * MIB + 1 },
    });
  });

  it('writes empty objects, objects of a single byte, and an output without any object', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    await attempt.upload('data/empty', []);
    await attempt.upload('data/byte', [new Uint8Array(0), Buffer.from('x')]);
    expect(await pendingUploads(s3, bucket)).toHaveLength(2);
    await uploads.complete((await attempt.commit()).record);
    expect([await s3.text(bucket, 'data/empty'), await s3.text(bucket, 'data/byte')]).toEqual(['', 'x']);
    const nothing = { ...OF, stream: 'nothing' };
    const { record } = await uploads.attempt(nothing).commit();
    expect(await uploads.complete(record)).toEqual({ objects: 0, bytes: 0, existed: 0 });
    expect(await uploads.recover(nothing)).toMatchObject({ state: 'done', done: { objects: 0 } });
  });

  it('has no more parts on their way than asked for, over all its objects, and buffers no part ahead of them', async () => {
    let [inFlight, most, buffered] = [0, 0, 0];
    const client = throughClient(s3.client, async (operation, send) => {
      if (operation !== 'UploadPart') return send();
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise(setImmediate);
      return send().finally(() => (inFlight -= 1));
    });
    const { uploads } = await setUp({ client, maxPartsInFlight: 2 });
    const attempt = uploads.attempt(OF);
    let sent = 0;
    const watched = async function* () {
      for await (const chunk of chunks(25 * MIB)) {
        sent += chunk.byteLength;
        buffered = Math.max(buffered, sent / (5 * MIB) - (await partsOf()));
        yield chunk;
      }
    };
    let finished = 0;
    const meter = { add: (name: string) => void (name === 'bytes_written' && (finished += 1)) };
    const partsOf = async () => finished;
    const alone = uploads.attempt({ ...OF, stream: 'alone' }, { meter });
    await alone.upload('alone', watched());
    // Two on their way and one that is being filled, or waits for a slot, and the next chunk.
    expect(buffered).toBeLessThan(3.1);
    await Promise.all(['1', '2', '3'].map((key) => attempt.upload(key, chunks(11 * MIB))));
    expect(most).toBe(2);
    await Promise.all([attempt.abort(), alone.abort()]);
  });

  it('aborts an object whose body fails, throws that error as it is, and can write the object again', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    const broken = new Error('the source broke');
    const body = async function* () {
      yield* chunks(6 * MIB);
      throw broken;
    };
    await expect(attempt.upload(KEYS[0], body())).rejects.toBe(broken);
    expect(await pendingUploads(s3, bucket)).toEqual([]);
    await attempt.upload(KEYS[0], chunks(10));
    expect((await attempt.commit()).record.objects).toHaveLength(1);
  });

  it('stops reading the body when a part fails for good, and leaves nothing pending', async () => {
    const { bucket, uploads } = await setUp({ client: s3.clientWithoutRetries });
    s3.aws.faults.add({ service: 's3', operation: 'UploadPart', bucket, effect: 'error500' });
    let ended = false;
    const endless = async function* () {
      try {
        for (;;) yield* chunks(5 * MIB);
      } finally {
        ended = true;
      }
    };
    const error = await failure(uploads.attempt(OF).upload(KEYS[0], endless()));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ where: `s3://${bucket}/${KEYS[0]}`, message: expect.stringContaining('S3 UploadPart: AWS has a fault') });
    expect(ended).toBe(true);
    expect(await pendingUploads(s3, bucket)).toEqual([]);
  });

  it('ends when it is cancelled, with the reason of the signal, and aborts what it has begun', async () => {
    const { bucket, uploads } = await setUp();
    const controller = new AbortController();
    const attempt = uploads.attempt(OF, { signal: controller.signal });
    await attempt.upload(KEYS[1], chunks(10));
    const body = async function* () {
      yield* chunks(6 * MIB);
      controller.abort(new StopError('The run was stopped', { reason: 'cancelled' }));
      yield* chunks(6 * MIB);
    };
    await expect(attempt.upload(KEYS[0], body())).rejects.toThrow('The run was stopped');
    await expect(attempt.commit()).rejects.toThrow('The run was stopped');
    expect(await attempt.abort()).toBe(0);
    expect([await pendingUploads(s3, bucket), await s3.keys(bucket)]).toEqual([[], []]);
  });

  it('can be given up while objects are on their way', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    const body = async function* () {
      yield* chunks(6 * MIB);
      void attempt.abort();
      for (;;) yield* chunks(MIB);
    };
    await expect(attempt.upload(KEYS[0], body())).rejects.toThrow('were given up');
    await attempt.abort();
    expect(await pendingUploads(s3, bucket)).toEqual([]);
    await expect(attempt.upload(KEYS[0], [])).rejects.toThrow('after commit or abort');
  });

  it('is given up also while a body has nothing to give, and will never have', async () => {
    const { bucket, uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    let asked: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (asked = resolve));
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(9 * MIB);
      asked();
      await new Promise<never>(() => undefined);
    };
    const uploading = failure(attempt.upload(KEYS[0], body()));
    await stuck;
    expect(await attempt.abort()).toBe(0);
    expect(await uploading).toMatchObject({ name: 'StopError', reason: 'cancelled' });
    expect(await pendingUploads(s3, bucket)).toEqual([]);
  });

  it('says which uploads it could not abort', async () => {
    const { bucket, uploads } = await setUp({ client: s3.clientWithoutRetries });
    const logger = createRecordingLogger();
    const attempt = uploads.attempt(OF, { logger });
    await attempt.upload(KEYS[0], chunks(10));
    s3.aws.faults.add({ service: 's3', operation: 'AbortMultipartUpload', bucket, effect: 'error500' });
    expect(await attempt.abort()).toBe(1);
    expect(logger.messages('warn')).toEqual([expect.stringContaining('could not be aborted')]);
    s3.aws.faults.clear();
    expect(await attempt.abort()).toBe(0);
    expect(await pendingUploads(s3, bucket)).toEqual([]);
  });

  it('refuses a key twice, and a commit while an object is on its way', async () => {
    const { uploads } = await setUp();
    const attempt = uploads.attempt(OF);
    const body = async function* () {
      expect(await failure(attempt.commit())).toMatchObject({ message: 'The output was committed while 1 objects were being uploaded' });
      yield Buffer.from('x');
    };
    await attempt.upload(KEYS[0], body());
    await expect(attempt.upload(KEYS[0], [])).rejects.toBeInstanceOf(FatalError);
    await attempt.abort();
  });

  it('counts requests, retries and bytes', async () => {
    const { uploads } = await setUp();
    const meter = createMeter();
    const attempt = uploads.attempt(OF, { meter });
    s3.aws.faults.add({ service: 's3', operation: 'UploadPart', effect: 'throttle', nth: 1 });
    await attempt.upload(KEYS[0], chunks(5 * MIB + 5));
    expect(meter.totals).toMatchObject({ requests: 4, retries: 1, bytes_written: 5 * MIB + 5 });
    await attempt.abort();
  });

  it('repeats a part that was damaged on its way: S3 has checked it', async () => {
    let damaged = 0;
    const damage = throughClient(s3.client, (operation, send) => (operation === 'UploadPart' && (damaged += 1) === 1 ? sendDamaged() : send()));
    const { bucket, uploads } = await setUp({ client: damage });
    const sendDamaged = async () => {
      const [[Key, UploadId] = ['', '']] = await pendingUploads(s3, bucket);
      const ChecksumSHA256 = Buffer.alloc(32).toString('base64');
      return s3.client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: 'damaged', ChecksumSHA256 }));
    };
    const attempt = uploads.attempt(OF);
    await attempt.upload(KEYS[0], [Buffer.from('right')]);
    await uploads.complete((await attempt.commit()).record);
    expect([damaged, await s3.text(bucket, KEYS[0])]).toEqual([2, 'right']);
  });
});

import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createMeter, silentLogger } from '@loadin/observability';
import type { JsonObject, Sink, SinkOptions } from '@loadin/pipeline';
import { FatalError, StopError } from '@loadin/resilience';
import {
  batchOf,
  createManualClock,
  recordOf,
  recordsOf,
  replacingChecks,
  sinkChecks,
  type SinkChecksOptions,
  type StoredRecord,
  type TargetFault,
} from '@loadin/testing';
import { startLocalS3, type LocalS3 } from './local-s3.fixture.js';
import { createS3RawSink } from './raw-sink.js';

const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: silentLogger }) satisfies SinkOptions;
const KEY = 'raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_120000.json';

describe('createS3RawSink', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const setUp = async (gzip = false): Promise<{ bucket: string; sink: Sink }> => {
    const bucket = await s3.bucket();
    return { bucket, sink: createS3RawSink({ client: s3.client, bucket, gzip }) };
  };
  const under = (gzip: boolean) => async () => {
    const bucket = await s3.bucket();
    const readBack = async (): Promise<StoredRecord[]> => {
      const stored: StoredRecord[] = [];
      for (const key of await s3.keys(bucket)) {
        const body = await (await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToByteArray();
        const { records } = JSON.parse((gzip ? gunzipSync(body ?? '') : Buffer.from(body ?? [])).toString()) as { records: JsonObject[] };
        stored.push(...records.map((record) => ({ id: String(record['artist_id'] ?? 'kit_ü-1'), record })));
      }
      return stored;
    };
    const another = () => createS3RawSink({ client: s3.client, bucket, gzip, clock: createManualClock(0) });
    return { sink: another(), another, readBack, target: (fault: TargetFault | 'none') => misbehave(fault, bucket) };
  };
  const misbehave = (fault: TargetFault | 'none', bucket: string): void => {
    const puts = { service: 's3', operation: 'PutObject', bucket } as const;
    s3.aws.faults.clear();
    if (fault === 'error') s3.aws.faults.add({ ...puts, effect: 'error500' });
    if (fault === 'lost-answer') s3.aws.faults.add({ ...puts, effect: 'lostAnswer', nth: 1 });
    if (fault === 'throttle') s3.aws.faults.add({ ...puts, effect: 'throttle', first: 2 });
    if (fault === 'hang') s3.aws.faults.add({ ...puts, effect: { latencyMs: 5_000 } });
  };
  const all: SinkChecksOptions = { faults: ['error', 'lost-answer', 'throttle', 'hang'], oversizeBytes: 16_000_000, ordered: true };
  it.each(sinkChecks(under(false), all))('$name', ({ run }) => run());
  it.each(sinkChecks(under(true), { ...all, faults: ['lost-answer'] }))('compressed: $name', ({ run }) => run());

  it.each(replacingChecks(under(false)))('$name', ({ run }) => run());
  it.each(replacingChecks(under(true)))('compressed: $name', ({ run }) => run());

  it('writes one line of compact JSON: the result of this object, then the records as they are', async () => {
    const { bucket, sink } = await setUp();
    const records = [recordOf('spotify_1', { artist_id: 'spotify_1', name: 'Radiohead', popularity_score: 85 }), recordOf('spotify_2')];
    const { acks, objects } = await sink.write(batchOf(records, { rejected: 1 }), options());
    const body = await s3.text(bucket, KEY);
    expect(body).toBe(
      '{"ingestion_result":{"success":true,"source":"spotify","data_type":"artists","records_processed":3,"records_successful":2,"records_failed":1,' +
        '"timestamp":"2024-11-08T12:00:00Z","run_id":"6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11","ingestion_id":"b0f7a0ce-5c55-5b8c-8b3a-4c2f3f9d7e22","slice":0,"part":0},' +
        `"records":[${records[0]?.json},${records[1]?.json}]}\n`,
    );
    expect(acks).toEqual([{ status: 'delivered' }, { status: 'delivered' }]);
    const checksum = createHash('md5').update(body).digest('hex');
    expect(objects).toEqual([{ uri: `s3://${bucket}/${KEY}`, bytes: Buffer.byteLength(body), records: 2, existed: false, checksum }]);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: KEY }));
    expect(head.ContentType).toBe('application/json');
    expect(head.Metadata).toEqual({
      'run-id': '6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11',
      'ingestion-id': 'b0f7a0ce-5c55-5b8c-8b3a-4c2f3f9d7e22',
      records: '2',
      md5: createHash('md5').update(body).digest('hex'),
    });
  });

  it('names further objects by slice and part', async () => {
    const { bucket, sink } = await setUp();
    await sink.write(batchOf(recordsOf(1), { sliceOrdinal: 12, part: 3 }), options());
    expect(await s3.keys(bucket)).toEqual([KEY.replace('.json', '_01203.json')]);
  });

  it('counts a batch that is already there as delivered, without writing it again', async () => {
    const { bucket, sink } = await setUp();
    const batch = batchOf(recordsOf(3));
    await sink.write(batch, options());
    const before = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: KEY }));
    const { acks, objects } = await sink.write(batch, options());
    expect(acks.every((ack) => ack.status === 'delivered')).toBe(true);
    expect(objects[0]).toMatchObject({ existed: true, records: 3 });
    expect((await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: KEY }))).LastModified).toEqual(before.LastModified);
  });

  it('delivers once when the answer to a write is lost', async () => {
    const { bucket, sink } = await setUp();
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, effect: 'lostAnswer', nth: 1 });
    const counted = options();
    const { acks } = await sink.write(batchOf(recordsOf(3)), counted);
    expect(acks).toHaveLength(3);
    expect(await s3.keys(bucket)).toEqual([KEY]);
    expect(counted.meter.totals).toMatchObject({ requests: 2, retries: 1 });
  });

  it('delivers under throttling and faults of the service', async () => {
    const { bucket, sink } = await setUp();
    s3.aws.faults.add(
      { service: 's3', operation: 'PutObject', bucket, effect: 'throttle', nth: 1 },
      { service: 's3', operation: 'PutObject', bucket, effect: 'error500', nth: 2 },
    );
    await sink.write(batchOf(recordsOf(3)), options());
    expect(JSON.parse(await s3.text(bucket, KEY))).toMatchObject({ ingestion_result: { records_successful: 3 } });
  });

  it('refuses to go on when the object there holds something else, and leaves it alone', async () => {
    const { bucket, sink } = await setUp();
    await sink.write(batchOf(recordsOf(3)), options());
    const stored = await s3.text(bucket, KEY);
    const error = await sink.write(batchOf(recordsOf(4)), options()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({
      where: `s3://${bucket}/${KEY}`,
      message: expect.stringContaining('written by run 6f1c2a34'),
      hint: expect.stringContaining('move it away'),
    });
    expect(await s3.text(bucket, KEY)).toBe(stored);
  });

  it('does not take metadata as proof of the content', async () => {
    const { bucket, sink } = await setUp();
    const batch = batchOf(recordsOf(3));
    await sink.write(batch, options());
    const { Metadata } = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: KEY }));
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: 'damaged', Metadata }));
    await expect(sink.write(batch, options())).rejects.toThrow('already there with other content (7 bytes');
  });

  it('accepts the same content compressed by another zlib', async () => {
    const plain = await setUp();
    await plain.sink.write(batchOf(recordsOf(3)), options());
    const { bucket, sink } = await setUp(true);
    const { gzipSync } = await import('node:zlib');
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: `${KEY}.gz`, Body: gzipSync(await s3.text(plain.bucket, KEY), { level: 1 }) }));
    expect((await sink.write(batchOf(recordsOf(3)), options())).objects[0]).toMatchObject({ existed: true });
  });

  it('sends a record that no object can hold to the dead letters and writes the others', async () => {
    const { bucket, sink } = await setUp();
    const huge = recordOf('spotify_huge', { artist_id: 'spotify_huge', text: 'x'.repeat(16_000_000) });
    const { acks } = await sink.write(batchOf([...recordsOf(2), huge]), options());
    expect(acks.map((ack) => ack.status)).toEqual(['delivered', 'delivered', 'undeliverable']);
    expect(acks[2]).toMatchObject({ errorClass: 'RecordTooLarge' });
    expect(JSON.parse(await s3.text(bucket, KEY)).ingestion_result).toMatchObject({ records_processed: 3, records_successful: 2, records_failed: 1 });
  });

  it('makes several objects of a batch with more records than one holds, the same ones each time', async () => {
    const { bucket, sink } = await setUp();
    const batch = batchOf(recordsOf(5_001), { part: 3, rejected: 2 });
    const { acks, objects } = await sink.write(batch, options());
    expect(acks).toHaveLength(5_001);
    expect(objects.map(({ uri, records }) => [uri.slice(-10), records])).toEqual([
      ['00003.json', 5_000],
      ['00004.json', 1],
    ]);
    const [first, second] = await Promise.all(objects.map(async ({ uri }) => JSON.parse(await s3.text(bucket, uri.slice(`s3://${bucket}/`.length)))));
    expect(first.ingestion_result).toMatchObject({ records_processed: 5_002, records_successful: 5_000, records_failed: 2, part: 3 });
    expect(second.ingestion_result).toMatchObject({ records_processed: 1, records_successful: 1, records_failed: 0, part: 4 });
    expect([...first.records, ...second.records]).toEqual(batch.records.map(({ value }) => value));
    expect((await sink.write(batch, options())).objects.map(({ existed }) => existed)).toEqual([true, true]);
  });

  it('makes several objects of a batch with more bytes than one holds, and each has all it can', async () => {
    const { bucket, sink } = await setUp();
    const large = (n: number) => recordOf(`spotify_${n}`, { artist_id: `spotify_${n}`, text: 'ü'.repeat(3_500_000) }); // 7 MB
    const { acks, objects } = await sink.write(
      batchOf([large(1), large(2), large(3), recordOf('x', { artist_id: 'x', text: 'x'.repeat(16_000_000) })]),
      options(),
    );
    expect(acks.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered', 'undeliverable']);
    expect(objects.map(({ records, bytes }) => [records, bytes < 16_000_000])).toEqual([
      [2, true],
      [1, true],
    ]);
    expect(await s3.keys(bucket)).toEqual([KEY, KEY.replace('.json', '_00001.json')]);
  });

  it('writes nothing of a batch that needs more objects than its slice has names', async () => {
    const { bucket, sink } = await setUp();
    await expect(sink.write(batchOf(recordsOf(5_001), { part: 99 }), options())).rejects.toThrow('at most 1,000 slices of 100 objects');
    expect(await s3.keys(bucket)).toEqual([]);
  });

  it('throws the reason of a cancellation in the middle of a request', async () => {
    const { bucket, sink } = await setUp();
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, effect: { latencyMs: 2_000 } });
    const controller = new AbortController();
    const reason = new StopError('no time left', { reason: 'deadline' });
    const writing = sink.write(batchOf(recordsOf(1)), { ...options(), signal: controller.signal });
    setTimeout(() => controller.abort(reason), 30);
    await expect(writing).rejects.toBe(reason);
  });

  it('says which bucket is missing', async () => {
    const sink = createS3RawSink({ client: s3.client, bucket: 'not-there' });
    await expect(sink.write(batchOf(recordsOf(1)), options())).rejects.toThrow('S3 PutObject: the bucket does not exist (NoSuchBucket)');
  });
});

import { GetObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createMeter, silentLogger } from '@loadin/observability';
import type { Replacing, SinkOptions } from '@loadin/pipeline';
import { batchOf, createRecordingLogger, recordsOf } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from './local-s3.fixture.js';
import { createS3RawSink } from './raw-sink.js';

const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: silentLogger }) satisfies SinkOptions;
const KEY = 'raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_120000.json';

describe('raw objects in a replay', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const setUp = async () => {
    const bucket = await s3.bucket();
    const sink = createS3RawSink({ client: s3.client, bucket, clock: { now: () => 0, sleep: async () => undefined } });
    return { bucket, sink, replacing: sink.replacing as Replacing };
  };

  it('are not written when they are there with the same bytes: one question by HEAD', async () => {
    const { bucket, sink, replacing } = await setUp();
    const batch = batchOf(recordsOf(3));
    await sink.write(batch, options());
    const before = s3.aws.requests();
    const standing = await replacing.compare(batch, options());
    const { objects } = await replacing.replace(batch, standing, options());
    const puts = (counts: ReturnType<typeof s3.aws.requests>) => [counts['s3']?.['PutObject'], counts['s3']?.['GetObject']];
    expect(puts(s3.aws.requests())).toEqual(puts(before));
    expect(objects).toMatchObject([{ uri: `s3://${bucket}/${KEY}`, existed: true }]);
  });

  it('are rebuilt to the byte when they were damaged, and the bucket keeps the earlier version', async () => {
    const { bucket, sink, replacing } = await setUp();
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const batch = batchOf(recordsOf(3));
    await sink.write(batch, options());
    const good = await s3.text(bucket, KEY);
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: good.slice(0, 100) }));
    const standing = await replacing.compare(batch, options());
    expect(standing.state).toBe('damaged');
    await replacing.replace(batch, standing, options());
    expect(await s3.text(bucket, KEY)).toBe(good);
    const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect(Versions).toHaveLength(3);
  });

  it('are replaced once when the answer to the replacement is lost', async () => {
    const { bucket, sink, replacing } = await setUp();
    await sink.write(batchOf(recordsOf(3)), options());
    const next = batchOf(recordsOf(4));
    const standing = await replacing.compare(next, options());
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, effect: 'lostAnswer', nth: 1 });
    const { acks, objects } = await replacing.replace(next, standing, options());
    expect(acks).toHaveLength(4);
    expect(objects[0]?.races).toBeUndefined();
    expect(JSON.parse(await s3.text(bucket, KEY))).toMatchObject({ ingestion_result: { records_successful: 4 } });
  });

  it('that somebody deletes in between are rebuilt, and that is said', async () => {
    const { bucket, sink, replacing } = await setUp();
    await sink.write(batchOf(recordsOf(3)), options());
    const next = batchOf(recordsOf(4));
    const standing = await replacing.compare(next, options());
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: KEY }));
    const logger = createRecordingLogger();
    const { objects } = await replacing.replace(next, standing, { ...options(), logger });
    expect(objects[0]).toMatchObject({ existed: false, races: 1 });
    expect(logger.messages('warn')).toEqual([expect.stringContaining('Somebody else wrote a raw object')]);
  });

  it('of another run are never replaced', async () => {
    const { bucket, sink, replacing } = await setUp();
    await sink.write(batchOf(recordsOf(3), { runId: 'another-run' }), options());
    const stored = await s3.text(bucket, KEY);
    await expect(replacing.compare(batchOf(recordsOf(3)), options())).rejects.toMatchObject({
      action: 'fatal',
      where: `s3://${bucket}/${KEY}`,
      message: expect.stringContaining('another-run'),
    });
    expect(await s3.text(bucket, KEY)).toBe(stored);
  });

  it('of another system are never replaced either, although they don’t say whose they are', async () => {
    const { bucket, replacing } = await setUp();
    const foreign = '{"ingestion_result":{"success":true,"source":"spotify"},"records":[{"artist_id":"1"}]}\n';
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: foreign }));
    await expect(replacing.compare(batchOf(recordsOf(3)), options())).rejects.toMatchObject({
      message: expect.stringContaining('not written by Loadin'),
    });
  });

  it.each([true, false])('are not written beside those that the run has written with another setting of gzip (now %s)', async (gzip) => {
    const bucket = await s3.bucket();
    const batch = batchOf(recordsOf(3), { sliceOrdinal: 1 });
    await createS3RawSink({ client: s3.client, bucket, gzip: !gzip }).write(batch, options());
    const { parts } = createS3RawSink({ client: s3.client, bucket, gzip }).replacing as Replacing;
    await expect(parts(batch, options())).rejects.toMatchObject({ action: 'fatal', hint: expect.stringContaining('Set gzip of the sink as it was') });
    expect(await parts({ ...batch, sliceOrdinal: 2 }, options())).toEqual([]);
  });

  it('that are needed no more become an envelope without records, which readers can read', async () => {
    const { bucket, sink, replacing } = await setUp();
    await sink.write(batchOf(recordsOf(3), { part: 1 }), options());
    const empty = batchOf([], { part: 1 });
    await replacing.replace(empty, await replacing.compare(empty, options()), options());
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: KEY.replace('.json', '_00001.json') }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ ingestion_result: { records_processed: 0, part: 1 }, records: [] });
  });

  it('end with an error that can be tried again when somebody writes them all the time', async () => {
    const bucket = await s3.bucket();
    let version = 3;
    const write = () => s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: `version ${(version += 1)}` }));
    const clock = { now: () => 0, sleep: async () => void (await write()) };
    const replacing = createS3RawSink({ client: s3.client, bucket, clock }).replacing as Replacing;
    await write();
    const next = batchOf(recordsOf(4));
    const standing = await replacing.compare(next, options());
    await write();
    await expect(replacing.replace(next, standing, options())).rejects.toMatchObject({ action: 'retry', where: `s3://${bucket}/${KEY}` });
  });
});

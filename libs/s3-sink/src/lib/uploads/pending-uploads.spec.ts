import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { FatalError, RetryableError } from '@loadin/resilience';
import { createManualClock } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { createPendingUploads } from './pending-uploads.js';
import type { PendingUploadsOptions } from './types.js';
import { commitTwo, DONE_KEY, failure, KEYS, OF, pendingUploads, RECORD_KEY, START, uploadsInto } from './uploads.fixture.js';

const DAY = 24 * 60 * 60 * 1000;

describe('createPendingUploads', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const setUp = (options?: Partial<PendingUploadsOptions>) => uploadsInto(s3, options);

  describe('recovery', () => {
    it('finds nothing, completes what was committed, and finds it done', async () => {
      const { uploads } = await setUp();
      expect(await uploads.recover(OF)).toEqual({ state: 'none' });
      const record = await commitTwo(uploads);
      expect(await uploads.recover(OF)).toEqual({ state: 'completed', record, objects: 2, bytes: 2_000, existed: 0 });
      expect(await uploads.recover(OF)).toMatchObject({ state: 'done', done: { objects: 2, bytes: 2_000, attempt: record.attempt } });
    });

    it('refuses a commit record whose uploads S3 may have aborted, and completes none of them', async () => {
      const clock = createManualClock(START);
      const { bucket, uploads } = await setUp({ clock });
      await commitTwo(uploads);
      await clock.advance(7 * DAY + 1);
      expect(await failure(uploads.recover(OF))).toMatchObject({
        action: 'fatal',
        where: `s3://${bucket}/${RECORD_KEY}`,
        message: 'The uploads of this commit record are 7 days old, and not all completed; S3 aborts them after 7 days',
        hint: expect.stringContaining('--again'),
      });
      expect(await s3.keys(bucket)).toEqual([RECORD_KEY]);
      expect(await pendingUploads(s3, bucket)).toHaveLength(2);
    });

    it('accepts an old commit record when all its objects are there', async () => {
      const clock = createManualClock(START);
      const { bucket, uploads } = await setUp({ clock, client: s3.clientWithoutRetries });
      const record = await commitTwo(uploads);
      s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, key: '.done.json', effect: 'drop' });
      await expect(uploads.complete(record)).rejects.toBeInstanceOf(RetryableError);
      s3.aws.faults.clear();
      await clock.advance(30 * DAY);
      expect(await uploads.recover(OF)).toMatchObject({ state: 'completed', existed: 2 });
      expect(await uploads.recover(OF)).toMatchObject({ state: 'done' });
    });

    it.each([
      ['not JSON', 'oops', 'it is not JSON'],
      ['an array of nothing', 'null', 'it is not a JSON object'],
      ['of another version', '{"version":2}', 'it does not say what version 1 says'],
    ])('names a commit record that is %s', async (_, body, reason) => {
      const { bucket, uploads } = await setUp();
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: RECORD_KEY, Body: body }));
      await expect(uploads.recover(OF)).rejects.toMatchObject({
        action: 'fatal',
        where: `s3://${bucket}/${RECORD_KEY}`,
        message: expect.stringContaining(reason),
      });
    });

    it('names a commit record that was edited so that it says something else', async () => {
      const { bucket, uploads } = await setUp();
      const record = await commitTwo(uploads);
      const edited = { ...record, objects: record.objects.map((object) => ({ ...object, bytes: object.bytes + 1 })) };
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: RECORD_KEY, Body: JSON.stringify(edited) }));
      await expect(uploads.recover(OF)).rejects.toBeInstanceOf(FatalError);
    });
  });

  it('writes objects and records with the settings for encryption and tags, the storage class for data alone', async () => {
    const { bucket, uploads } = await setUp({ kms: { keyId: 'alias/lake' }, tags: { team: 'data + more / co' }, storageClass: 'STANDARD_IA' });
    const record = await commitTwo(uploads);
    await uploads.complete(record);
    const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/lake', BucketKeyEnabled: true };
    for (const Key of [...KEYS, RECORD_KEY, DONE_KEY]) {
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      expect(head).toMatchObject(encrypted);
      expect(head.StorageClass).toBe(Key.startsWith('data/') ? 'STANDARD_IA' : undefined);
      const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key }));
      expect(TagSet).toEqual([{ Key: 'team', Value: 'data + more / co' }]);
    }
  });

  it.each([{ job: '' }, { runId: '../x' }, { stream: 'orders.done' }, { stream: 'a/b' }])(
    'refuses names that have no place under _loadin: %j',
    async (names) => {
      const { uploads } = await setUp();
      expect(() => uploads.attempt({ ...OF, ...names })).toThrow(FatalError);
    },
  );

  it('says which bucket is missing', async () => {
    const uploads = createPendingUploads({ client: s3.client, bucket: 'not-there' });
    await expect(uploads.attempt(OF).upload('a', [])).rejects.toThrow('S3 CreateMultipartUpload: the bucket does not exist (NoSuchBucket)');
  });
});

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { RetryableError } from '@loadin/resilience';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { createPendingUploads } from './pending-uploads.js';
import type { CommitRecord, PendingUploadsOptions } from './types.js';
import { bytesOf, chunks, commitTwo, failure, KEYS, MIB, OF, pendingUploads, RECORD_KEY, wholeOf, uploadsInto } from './uploads.fixture.js';

describe('commit and completion', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const setUp = (options?: Partial<PendingUploadsOptions>) => uploadsInto(s3, options);

  describe('of two attempts', () => {
    it('the first commit record wins; the other aborts its own uploads and can complete the first', async () => {
      const { bucket, uploads } = await setUp();
      const [first, second] = [uploads.attempt(OF), uploads.attempt(OF)];
      await first.upload(KEYS[0], [Buffer.from('first')]);
      await second.upload(KEYS[0], [Buffer.from('second')]);
      const winner = await first.commit();
      const loser = await second.commit();
      expect([winner.won, loser.won, loser.record]).toEqual([true, false, winner.record]);
      expect(await pendingUploads(s3, bucket)).toEqual([[KEYS[0], winner.record.objects[0]?.upload_id]]);
      await uploads.complete(loser.record);
      expect(await s3.text(bucket, KEYS[0])).toBe('first');
    });

    it('none aborts anything once its commit was tried and no answer came', async () => {
      const { bucket, uploads } = await setUp({ client: s3.clientWithoutRetries });
      const attempt = uploads.attempt(OF);
      await attempt.upload(KEYS[0], [Buffer.from('x')]);
      s3.aws.faults.add(
        { service: 's3', operation: 'PutObject', bucket, effect: 'lostAnswer' },
        { service: 's3', operation: 'HeadObject', bucket, effect: 'drop' },
      );
      await expect(attempt.commit()).rejects.toBeInstanceOf(RetryableError);
      expect(await attempt.abort()).toBe(0);
      expect(await pendingUploads(s3, bucket)).toHaveLength(1);
      s3.aws.faults.clear();
      expect(await attempt.commit()).toMatchObject({ won: true });
      expect(await attempt.abort()).toBe(0);
      expect(await uploads.recover(OF)).toMatchObject({ state: 'completed', objects: 1 });
    });

    it('a killed one’s uploads are aborted when its output is committed by another, and nothing else is', async () => {
      const { bucket, uploads } = await setUp();
      await uploads.attempt(OF).upload(KEYS[0], [Buffer.from('killed')]);
      const foreign = uploads.attempt({ ...OF, stream: 'foreign' });
      await foreign.upload('data/bronze/orders/foreign', [Buffer.from('x')]);
      const record = await commitTwo(uploads);
      const isOurs = (key: string) => KEYS.some((known) => known === key);
      expect(await uploads.abortLeftovers(record, { prefix: 'data/bronze/orders/', isOurs })).toBe(1);
      expect((await pendingUploads(s3, bucket)).map(([key]) => key)).toEqual([...KEYS, 'data/bronze/orders/foreign']);
      const invented = { ...record, attempt: 'another', objects: [] };
      await expect(uploads.abortLeftovers(invented, { prefix: '', isOurs })).rejects.toThrow('not the stored commit record');
      await foreign.abort();
    });

    it('a slow one whose upload was aborted by the other is told so', async () => {
      const { uploads } = await setUp();
      const slow = uploads.attempt(OF);
      const body = async function* () {
        yield* chunks(6 * MIB);
        const record = await commitTwo(uploads);
        await uploads.abortLeftovers(record, { prefix: '', isOurs: () => true });
        yield* chunks(6 * MIB);
      };
      expect(await failure(slow.upload('data/slow', body()))).toMatchObject({ action: 'stop', reason: 'lease' });
    });
  });

  describe('completion', () => {
    it('may be repeated: an object of the recorded size and checksum counts as done', async () => {
      const { bucket, uploads } = await setUp();
      const record = await commitTwo(uploads);
      s3.aws.faults.add({ service: 's3', operation: 'CompleteMultipartUpload', bucket, effect: 'lostAnswer', nth: 1 });
      expect(await uploads.complete(record)).toMatchObject({ objects: 2, existed: 1 });
      expect(await uploads.complete(record)).toMatchObject({ objects: 2, existed: 2 });
    });

    it('sends no condition, and takes the place of what lay there', async () => {
      const { bucket, uploads } = await setUp();
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEYS[0], Body: 'older' }));
      const record = await commitTwo(uploads);
      await uploads.complete(record);
      expect(await bytesOf(s3, bucket, KEYS[0])).toEqual(await wholeOf(1_000, 0));
    });

    it('refuses an object that is not the one that was committed', async () => {
      const { bucket, uploads } = await setUp();
      const record = await commitTwo(uploads);
      await uploads.complete(record);
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEYS[0], Body: Buffer.alloc(1_000), ChecksumAlgorithm: 'SHA256' }));
      await expect(uploads.complete(record)).rejects.toMatchObject({
        action: 'fatal',
        where: `s3://${bucket}/${KEYS[0]}`,
        message: expect.stringContaining('not the one that was committed: its checksum is'),
      });
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: KEYS[0], Body: 'short' }));
      await expect(uploads.complete(record)).rejects.toThrow('it has 5 bytes, not 1000');
    });

    it('says when a committed upload is gone without its object, and writes no done record', async () => {
      const { bucket, uploads } = await setUp({ maxCompletionsInFlight: 1 });
      const record = await commitTwo(uploads);
      const [first] = record.objects;
      await uploads.complete({ ...record, objects: record.objects.slice(1) });
      const other = createPendingUploads({ client: s3.client, bucket: await s3.bucket() });
      await expect(other.complete(record)).rejects.toThrow(`The commit record is of the bucket ${bucket}`);
      const gone = { ...record, stream: 'gone', objects: [{ ...first, upload_id: 'gone' } as CommitRecord['objects'][0]] };
      await expect(uploads.complete(gone)).rejects.toMatchObject({
        action: 'fatal',
        message: expect.stringContaining('is gone, and its object is not there'),
      });
      expect((await s3.keys(bucket)).filter((key) => key.includes('/gone'))).toEqual([]);
    });

    it('begins no further object after an error, and goes on from there the next time', async () => {
      const { bucket, uploads } = await setUp({ client: s3.clientWithoutRetries, maxCompletionsInFlight: 1 });
      const record = await commitTwo(uploads);
      s3.aws.faults.add({ service: 's3', operation: 'CompleteMultipartUpload', bucket, key: 'b.parquet', effect: 'throttle' });
      await expect(uploads.complete(record)).rejects.toBeInstanceOf(RetryableError);
      expect(await s3.keys(bucket)).toEqual([RECORD_KEY, KEYS[0]]);
      s3.aws.faults.clear();
      expect(await uploads.recover(OF)).toMatchObject({ state: 'completed', objects: 2, existed: 1 });
    });
  });
});

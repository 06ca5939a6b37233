import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { bytesOf, chunks, commitTwo, KEYS, MIB, OF, uploadsInto } from '../uploads/uploads.fixture.js';

describe('verify of a commit record', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());

  const put = (Bucket: string, Key: string, Body: Buffer) => s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));

  it('finds nothing in what was committed and completed', async () => {
    const { uploads } = await uploadsInto(s3);
    const record = await commitTwo(uploads);
    await uploads.complete(record);
    expect(await uploads.verify(record)).toEqual({ objects: 2, bytes: 2_000, differences: [] });
  });

  it('names what is not there yet, or not any more', async () => {
    const { bucket, uploads } = await uploadsInto(s3);
    const record = await commitTwo(uploads);
    expect((await uploads.verify(record)).differences.map(({ kind }) => kind)).toEqual(['missing', 'missing']);
    await uploads.complete(record);
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: KEYS[1] }));
    expect((await uploads.verify(record)).differences).toEqual([{ where: `s3://${bucket}/${KEYS[1]}`, kind: 'missing', message: 'it is not there' }]);
  });

  it('names the parts of an object whose bytes are others, and one of another size', async () => {
    const { bucket, uploads } = await uploadsInto(s3);
    const attempt = uploads.attempt(OF);
    await attempt.upload(KEYS[0], chunks(12 * MIB));
    await attempt.upload(KEYS[1], chunks(1_000));
    const { record } = await attempt.commit();
    await uploads.complete(record);
    const large = await bytesOf(s3, bucket, KEYS[0]);
    large[6 * MIB] = (large[6 * MIB] ?? 0) ^ 1;
    await put(bucket, KEYS[0], large);
    await put(bucket, KEYS[1], Buffer.alloc(999));
    expect(await uploads.verify(record)).toEqual({
      objects: 2,
      bytes: 12 * MIB + 999,
      differences: [
        { where: `s3://${bucket}/${KEYS[0]}`, kind: 'content', message: 'of its 3 parts these are others than were committed (SHA-256): 2' },
        { where: `s3://${bucket}/${KEYS[1]}`, kind: 'content', message: 'it has 999 bytes, committed were 1000' },
      ],
    });
    const small = await bytesOf(s3, bucket, KEYS[1]);
    await put(bucket, KEYS[1], Buffer.concat([small, Buffer.from('x')]));
    expect((await uploads.verify(record)).differences[1]?.message).toBe('its bytes are others than were committed (SHA-256)');
  });

  it('names objects of the run that were not committed, when it is told how to know them', async () => {
    const { bucket, uploads } = await uploadsInto(s3);
    const record = await commitTwo(uploads);
    await uploads.complete(record);
    await put(bucket, 'data/bronze/orders/c.parquet', Buffer.from('x'));
    await put(bucket, 'data/bronze/orders/of-another-run.parquet', Buffer.from('x'));
    const extras = { prefix: 'data/bronze/orders/', isOurs: (key: string) => /\/[abc]\.parquet$/.test(key) };
    expect((await uploads.verify(record)).differences).toEqual([]);
    expect((await uploads.verify(record, { extras })).differences).toEqual([
      {
        where: `s3://${bucket}/data/bronze/orders/c.parquet`,
        kind: 'unreported',
        message: 'it has the name of an object of this run, and the commit record does not have it',
      },
    ]);
    await expect(uploads.verify({ ...record, bucket: 'another' })).rejects.toThrow('The commit record is of the bucket another');
  });
});

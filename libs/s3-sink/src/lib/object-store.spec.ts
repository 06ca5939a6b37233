import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { FatalError, RetryableError } from '@loadin/resilience';
import { objectStoreChecks, type ObjectStoreChecksOptions } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from './local-s3.fixture.js';
import { createS3ObjectStore } from './object-store.js';

describe('createS3ObjectStore', () => {
  let s3: LocalS3;
  let bucket: string;
  beforeAll(async () => {
    s3 = await startLocalS3();
    bucket = await s3.bucket();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const service: ObjectStoreChecksOptions['service'] = (fault) => {
    const puts = { service: 's3', operation: 'PutObject' } as const;
    s3.aws.faults.clear();
    if (fault === 'lost-answer') s3.aws.faults.add({ ...puts, effect: 'lostAnswer', nth: 1 });
    if (fault === 'error') s3.aws.faults.add({ ...puts, effect: 'error500' });
  };
  it.each(objectStoreChecks(() => createS3ObjectStore({ client: s3.client, bucket }), { service }))('$name', ({ run }) => run());
  it.each(objectStoreChecks(() => createS3ObjectStore({ client: s3.client, bucket, prefix: 'tenant/a' })))('in a folder: $name', ({ run }) => run());

  it('keeps its folder out of keys and in its URI', async () => {
    const own = await s3.bucket();
    const store = createS3ObjectStore({ client: s3.client, bucket: own, prefix: 'tenant' });
    await store.put('a/b.json', Buffer.from('{}'));
    expect(store.uri).toBe(`s3://${own}/tenant`);
    expect(await s3.keys(own)).toEqual(['tenant/a/b.json']);
  });

  it('stores content type, encoding and metadata', async () => {
    const store = createS3ObjectStore({ client: s3.client, bucket });
    await store.putIfAbsent('meta', Buffer.from('{}'), {
      contentType: 'application/json',
      contentEncoding: 'identity',
      metadata: { 'run-id': 'r1' },
    });
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'meta' }));
    expect(head).toMatchObject({ ContentType: 'application/json', ContentEncoding: 'identity', Metadata: { 'run-id': 'r1' } });
  });

  it('reports its own object as created although the answer to the first try was lost', async () => {
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'lost', effect: 'lostAnswer', nth: 1 });
    const store = createS3ObjectStore({ client: s3.client, bucket });
    expect(await store.putIfAbsent('lost', Buffer.from('mine'))).toEqual({ created: true });
    expect(s3.aws.faults.list()[0]).toMatchObject({ fired: 1, matched: 2 });
  });

  it("reports somebody else's object as not created, with the same bytes and a lost answer too", async () => {
    const store = createS3ObjectStore({ client: s3.client, bucket });
    await store.put('theirs', Buffer.from('same'));
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'theirs', effect: 'drop', nth: 1 });
    expect(await store.putIfAbsent('theirs', Buffer.from('same'))).toEqual({ created: false });
  });

  it('finds out what became of a write that got no answer at all', async () => {
    const store = createS3ObjectStore({ client: s3.clientWithoutRetries, bucket });
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'silence', effect: 'lostAnswer' });
    expect(await store.putIfAbsent('silence', Buffer.from('mine'))).toEqual({ created: true });
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'dropped', effect: 'drop' });
    await expect(store.putIfAbsent('dropped', Buffer.from('mine'))).rejects.toBeInstanceOf(RetryableError);
  });

  it('survives throttling and faults of the service', async () => {
    s3.aws.faults.add(
      { service: 's3', operation: '*', key: 'storm', effect: 'throttle', nth: 1 },
      { service: 's3', operation: 'GetObject', effect: 'error500', nth: 1 },
    );
    const store = createS3ObjectStore({ client: s3.client, bucket });
    expect(await store.putIfAbsent('storm', Buffer.from('x'))).toEqual({ created: true });
    expect(Buffer.from((await store.get('storm')) ?? []).toString()).toBe('x');
  });

  it('throws a RetryableError that names the object when a fault persists', async () => {
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'down', effect: 'error500' });
    const error = await createS3ObjectStore({ client: s3.client, bucket })
      .put('down', Buffer.from('x'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: expect.stringContaining('S3 PutObject: AWS has a fault'), where: `s3://${bucket}/down` });
  });

  it('says which bucket is missing and what to do', async () => {
    const error = await createS3ObjectStore({ client: s3.client, bucket: 'not-there' })
      .get('x')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({
      message: 'S3 GetObject: the bucket does not exist (NoSuchBucket)',
      where: 's3://not-there/x',
      hint: expect.stringContaining('Create it'),
    });
  });

  it('says when nothing listens at the endpoint', async () => {
    const client = new S3Client(
      awsClientOptions({
        region: 'us-east-1',
        endpoint: 'http://127.0.0.1:1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }).s3,
    );
    await expect(createS3ObjectStore({ client, bucket }).get('x')).rejects.toThrow('S3 GetObject: nothing listens there (ECONNREFUSED): 127.0.0.1:1');
    client.destroy();
  });
});

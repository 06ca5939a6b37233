import { Agent, request } from 'node:http';
import { CreateBucketCommand, GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { serverUnderTest, type ServerUnderTest } from '../server.fixture.js';

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

describe('the gateway', () => {
  let tested: ServerUnderTest;
  beforeAll(async () => {
    tested = await serverUnderTest();
    await tested.clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterAll(() => tested.close());

  const raw = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: tested.server.port, method, path, headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
      });
      sent.on('error', reject).end(body);
    });

  /** Bucket names in front of `localhost`, without asking the system's resolver for them. */
  function virtualHostClient(): S3Client {
    const agent = new Agent({
      lookup: (_name, options, found) => (options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4)),
    });
    return new S3Client({
      region: 'us-east-1',
      endpoint: `http://localhost:${tested.server.port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: new NodeHttpHandler({ httpAgent: agent }),
    });
  }

  it('knows a bucket by the host name, as virtual-host style addresses it', async () => {
    const s3 = virtualHostClient();
    await s3.send(new CreateBucketCommand({ Bucket: 'my.bucket' }));
    await s3.send(new HeadBucketCommand({ Bucket: 'my.bucket' }));
    await s3.send(new PutObjectCommand({ Bucket: 'my.bucket', Key: 'raw/a', Body: 'virtual' }));
    s3.destroy();
    const { Body } = await tested.clients.s3.send(new GetObjectCommand({ Bucket: 'my.bucket', Key: 'raw/a' }));
    expect(await Body?.transformToString()).toBe('virtual');
  });

  it('takes keys below _loadin/ for keys, in both styles of address', async () => {
    const s3 = virtualHostClient();
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: '_loadin/health', Body: 'a plan' }));
    const virtual = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: '_loadin/health' }));
    expect(await virtual.Body?.transformToString()).toBe('a plan');
    s3.destroy();
    const { Contents } = await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: '_loadin/' }));
    expect(Contents).toHaveLength(1);
    expect((await raw('GET', '/_loadin/health')).body).toContain('"status":"ok"');
  });

  it('keeps dot segments, double and leading slashes, which are parts of keys', async () => {
    for (const path of ['/lake/a/../b', '/lake/./c', '/lake//d', '/lake/e//']) {
      expect((await raw('PUT', path, { 'content-length': '1' }, 'x')).status).toBe(200);
    }
    const { Contents = [] } = await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(Contents.map(({ Key }) => Key)).toEqual(expect.arrayContaining(['a/../b', './c', '/d', 'e//']));
  });

  it('answers an unknown target, operation or method in the words of the protocol', async () => {
    const json = { 'content-type': 'application/x-amz-json-1.1' };
    const target = await raw('POST', '/', { ...json, 'x-amz-target': 'Lambda_2015.Invoke' }, '{}');
    expect([target.status, JSON.parse(target.body)]).toEqual([400, expect.objectContaining({ __type: 'UnknownOperationException' })]);
    const operation = await raw('POST', '/', { ...json, 'x-amz-target': 'Kinesis_20131202.Dance' }, '{}');
    expect([operation.status, operation.headers['x-amzn-errortype']]).toEqual([400, 'UnknownOperationException']);
    const garbage = await raw('POST', '/', { ...json, 'x-amz-target': 'Kinesis_20131202.ListStreams' }, '[');
    expect([garbage.status, JSON.parse(garbage.body)]).toEqual([400, expect.objectContaining({ __type: 'SerializationException' })]);
    expect((await raw('PATCH', '/lake/a')).body).toContain('<Code>MethodNotAllowed</Code>');
    expect((await raw('GET', '/lake?replication')).body).toContain('<Code>NotImplemented</Code>');
    expect((await raw('GET', '/lake/%ff')).body).toContain('<Code>InvalidURI</Code>');
  });

  it('says nothing of a client that goes away, though all that it sent has arrived', async () => {
    for (const body of ['small', 'x'.repeat(200_000)]) {
      tested.server.faults.add({ service: 's3', operation: 'PutObject', effect: { latencyMs: 50 }, first: 1 });
      await expect(
        tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'gone', Body: body }), { abortSignal: AbortSignal.timeout(20) }),
      ).rejects.toThrow('abort');
    }
    // The last answer leaves when all is done that the calls before have begun.
    tested.server.faults.add({ service: 's3', operation: 'HeadBucket', effect: { latencyMs: 60 }, first: 1 });
    await tested.clients.s3.send(new HeadBucketCommand({ Bucket: 'lake' }));
    expect(tested.lines).toEqual([]);
  });

  it('wants the length of a streamed body, as S3 does', async () => {
    const answer = await raw('PUT', '/lake/unknown-length', { 'transfer-encoding': 'chunked' }, 'x');
    expect([answer.status, answer.body]).toEqual([501, expect.stringContaining('<Header>Transfer-Encoding</Header>')]);
  });

  it('says which account the credentials belong to', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0';
    const form = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    const answer = await raw('POST', '/', form, 'Action=GetCallerIdentity&Version=2011-06-15');
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('<Account>000000000000</Account>')]);
    expect((await raw('POST', '/', form, 'Action=AssumeRole')).body).toContain('<Code>InvalidAction</Code>');
  });

  it('gives the time of its own clock, from which clients correct theirs', async () => {
    await tested.restart({ now: () => Date.UTC(2031, 0, 2, 3, 4, 5) });
    expect((await raw('GET', '/lake')).headers.date).toBe('Thu, 02 Jan 2031 03:04:05 GMT');
    await tested.restart();
  });

  it('logs an unexpected error as one line and answers 500', async () => {
    const log = jest.fn();
    let broken = false;
    const now = (): number => {
      if (broken) throw new TypeError('the clock\nbroke');
      return 0;
    };
    await tested.restart({ now, log });
    broken = true;
    // The answer's date needs the clock, too: then the connection is closed.
    await expect(raw('GET', '/lake')).rejects.toThrow();
    broken = false;
    expect(log.mock.calls.flat()).toEqual([expect.stringMatching(/^local-aws: GET \/lake: TypeError: the clock broke[^\n]*$/), expect.any(String)]);
    expect((await raw('GET', '/lake')).status).toBe(200);
    await tested.restart();
  });
});

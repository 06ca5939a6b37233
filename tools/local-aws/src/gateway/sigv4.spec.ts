import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { ListTablesCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { serverUnderTest, type ServerUnderTest } from '../server.fixture.js';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('signatures', () => {
  let tested: ServerUnderTest;
  beforeAll(async () => {
    tested = await serverUnderTest({ credentials: { [KEY]: SECRET } });
  });
  afterAll(() => tested.close());

  /** What a client of each service is told with these credentials. */
  async function outcomes(accessKeyId: string, secretAccessKey: string): Promise<Record<string, string>> {
    const common = { region: 'eu-west-1', endpoint: tested.server.url, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } };
    const s3 = new S3Client({ ...common, forcePathStyle: true });
    const kinesis = new KinesisClient({ ...common, requestHandler: new NodeHttpHandler() });
    const dynamodb = new DynamoDBClient(common);
    const secrets = new SecretsManagerClient(common);
    const named = (call: Promise<unknown>): Promise<string> =>
      call.then(
        () => 'ok',
        (error: Error) => error.name,
      );
    const found = {
      s3: await named(s3.send(new ListBucketsCommand({}))),
      kinesis: await named(kinesis.send(new ListStreamsCommand({}))),
      dynamodb: await named(dynamodb.send(new ListTablesCommand({}))),
      secretsmanager: await named(secrets.send(new ListSecretsCommand({}))),
    };
    [s3, kinesis, dynamodb, secrets].forEach((client) => client.destroy());
    return found;
  }

  it('are right with the right secret', async () => {
    expect(await outcomes(KEY, SECRET)).toEqual({ s3: 'ok', kinesis: 'ok', dynamodb: 'ok', secretsmanager: 'ok' });
  });

  it('with a wrong secret are refused in the words of each service', async () => {
    const invalid = 'InvalidSignatureException';
    expect(await outcomes(KEY, 'wrong')).toEqual({ s3: 'SignatureDoesNotMatch', kinesis: invalid, dynamodb: invalid, secretsmanager: invalid });
  });

  it('of an unknown access key are refused in the words of each service', async () => {
    const unknown = 'UnrecognizedClientException';
    expect(await outcomes('AKIAUNKNOWN', SECRET)).toEqual({ s3: 'InvalidAccessKeyId', kinesis: unknown, dynamodb: unknown, secretsmanager: unknown });
  });

  it('are needed', async () => {
    const answer = await fetch(`${tested.server.url}/`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });

  it('cover every kind of key and query', async () => {
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: tested.server.url,
      forcePathStyle: true,
      credentials: { accessKeyId: KEY, secretAccessKey: SECRET },
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'signed' }));
    for (const Key of ['a b', "it's(1)!*", 'ä/é', 'x//y', 'a+b=c&d', '~']) {
      await s3.send(new PutObjectCommand({ Bucket: 'signed', Key, Body: Key, Metadata: { spaced: 'a   b' } }));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'signed', Key, ResponseContentType: 'text/x; a=b' }));
      expect(await Body?.transformToString()).toBe(Key);
    }
    s3.destroy();
  });

  it('expire after fifteen minutes', async () => {
    let ahead = 0;
    const server = await serverUnderTest({ credentials: { [KEY]: SECRET }, now: () => Date.now() + ahead });
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: server.server.url,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: KEY, secretAccessKey: SECRET },
    });
    await s3.send(new ListBucketsCommand({}));
    ahead = 16 * 60_000;
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'RequestTimeTooSkewed', $metadata: { httpStatusCode: 403 } });
    s3.destroy();
    await server.close();
  });
});

// "Authenticating Requests: Using Query Parameters" and "Signature Calculations … Transferring Payload in Multiple Chunks", Amazon S3 API Reference.
describe("the documentation's own examples", () => {
  let tested: ServerUnderTest;
  beforeAll(async () => {
    tested = await serverUnderTest({ credentials: { [KEY]: SECRET }, now: () => Date.UTC(2013, 4, 24) });
  });
  afterAll(() => tested.close());

  const send = (method: string, path: string, headers: Record<string, string>, body: Buffer = Buffer.alloc(0)): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: tested.server.port, method, path, headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve(`${answer.statusCode} ${/<Code>(\w+)/.exec(text)?.[1] ?? ''}`));
      });
      sent.on('error', reject).end(body);
    });

  const presigned = (signature: string): string =>
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${KEY}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;

  it('accepts the presigned address, and no other signature in it', async () => {
    const host = { host: 'examplebucket.s3.amazonaws.com' };
    const right = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    expect(await send('GET', presigned(right), host)).toBe('404 NoSuchBucket');
    expect(await send('GET', presigned(right.replace('a', 'b')), host)).toBe('403 SignatureDoesNotMatch');
  });

  const SIGNATURES = [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ];

  function chunked(signatures: readonly string[], fill: string): Buffer {
    const chunks = [Buffer.alloc(65_536, fill), Buffer.alloc(1024, fill), Buffer.alloc(0)];
    return Buffer.concat(
      chunks.flatMap((chunk, i) => [Buffer.from(`${chunk.length.toString(16)};chunk-signature=${signatures[i]}\r\n`), chunk, Buffer.from('\r\n')]),
    );
  }

  const putChunked = (body: Buffer): Promise<string> =>
    send(
      'PUT',
      '/examplebucket/chunkObject.txt',
      {
        host: 's3.amazonaws.com',
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: `AWS4-HMAC-SHA256 Credential=${KEY}/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '66560',
        'content-length': '66824',
      },
      body,
    );

  it('accepts the signed chunks and keeps their bytes, and refuses a chunk that was changed', async () => {
    await tested.restart({ credentials: undefined });
    await tested.clients.s3.send(new CreateBucketCommand({ Bucket: 'examplebucket' }));
    await tested.restart();
    expect(await putChunked(chunked(SIGNATURES, 'b'))).toBe('403 SignatureDoesNotMatch');
    expect(await putChunked(chunked([SIGNATURES[0] ?? '', SIGNATURES[0] ?? '', SIGNATURES[2] ?? ''], 'a'))).toBe('403 SignatureDoesNotMatch');
    expect(await putChunked(chunked(SIGNATURES, 'a'))).toBe('200 ');
    await tested.restart({ credentials: undefined });
    const { Body, ETag } = await tested.clients.s3.send(new GetObjectCommand({ Bucket: 'examplebucket', Key: 'chunkObject.txt' }));
    expect(await Body?.transformToString()).toBe('a'.repeat(66_560));
    expect(ETag).toBe(`"${createHash('md5').update('a'.repeat(66_560)).digest('hex')}"`);
  });
});

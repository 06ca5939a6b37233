import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  GetBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { serverUnderTest, type ServerUnderTest } from '../server.fixture.js';
import { compareKeys } from './key-order.js';

describe('S3 on disk', () => {
  let tested: ServerUnderTest;
  beforeEach(async () => {
    tested = await serverUnderTest();
    await tested.clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterEach(() => tested.close());

  const put = (Key: string, Body = Key) => tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body }));
  const text = async (Key: string) => (await tested.clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }))).Body?.transformToString();
  const journal = (): string => join(tested.dataDir, 's3', 'journal.ndjson');
  const blobs = async (): Promise<string[]> => {
    const folder = join(tested.dataDir, 's3', 'blobs');
    const found = await Promise.all(
      (await readdir(folder)).map(async (name) => (await readdir(join(folder, name))).map((id) => join(folder, name, id))),
    );
    return found.flat();
  };

  it('keeps no bytes of objects that were replaced, deleted or refused', async () => {
    await put('a', 'one');
    await put('a', 'two');
    await put('b');
    await tested.clients.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'b' }));
    await expect(tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'a', Body: 'three', IfNoneMatch: '*' }))).rejects.toThrow();
    expect(await blobs()).toHaveLength(1);
  });

  it('finishes a download of an object that is deleted meanwhile', async () => {
    const big = 'x'.repeat(8 * 1024 * 1024);
    await put('a', big);
    const { Body } = await tested.clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }));
    await tested.clients.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'a' }));
    expect((await Body?.transformToString()) === big).toBe(true);
  });

  it('keeps nothing of an upload whose client went away in the middle', async () => {
    const { port } = tested.server;
    const gone = request({ host: '127.0.0.1', port, method: 'PUT', path: '/lake/half', headers: { 'content-length': '1000000' } });
    gone.on('error', () => undefined).write(Buffer.alloc(300_000));
    while ((await blobs()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.destroy();
    while ((await blobs()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(text('half')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(tested.lines).toEqual([]);
  });

  it('removes at its start what a crash left behind, and nothing else', async () => {
    await put('a');
    const [known = ''] = await blobs();
    await writeFile(`${known.slice(0, -4)}beef`, 'half an upload');
    await appendFile(journal(), '{"t":"object","bucket":"lake","vers');
    await tested.restart();
    expect(await blobs()).toEqual([known]);
    expect(await text('a')).toBe('a');
    await put('b');
    await tested.restart();
    expect(await text('b')).toBe('b');
  });

  it('rewrites a journal that is mostly history', async () => {
    await tested.clients.s3.send(new PutBucketTaggingCommand({ Bucket: 'lake', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }));
    await put('x/1');
    await put('x');
    const [line = ''] = (await readFile(journal(), 'utf8')).split('\n').filter((one) => one.includes('"key":"x"'));
    await appendFile(journal(), `${line}\n`.repeat(2000));
    await tested.restart();
    expect((await readFile(journal(), 'utf8')).trim().split('\n')).toHaveLength(3);
    await put('y');
    await tested.restart();
    const { Contents } = await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['x', 'x/1', 'y']);
    expect(await text('x')).toBe('x');
    expect((await tested.clients.s3.send(new GetBucketTaggingCommand({ Bucket: 'lake' }))).TagSet).toEqual([{ Key: 'k', Value: 'v' }]);
  });

  it('names the line of a journal that something else has changed', async () => {
    await put('a');
    await writeFile(journal(), 'not json\n');
    await expect(tested.restart()).rejects.toThrow(/journal\.ndjson: line 1 is not JSON/);
    await writeFile(journal(), '');
    await tested.restart();
  });

  it('lets the owner create a bucket again only in us-east-1', async () => {
    await tested.close();
    tested = await serverUnderTest();
    const create = { Bucket: 'elsewhere', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };
    await tested.clients.s3.send(new CreateBucketCommand(create));
    await expect(tested.clients.s3.send(new CreateBucketCommand(create))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });
  });
});

describe('compareKeys', () => {
  it('orders as the UTF-8 bytes do', () => {
    const keys = ['', 'a', 'ab', 'a/', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', 'a\u{1f3b8}', 'a\uffee'];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...keys].sort(compareKeys)).toEqual(byBytes);
  });
});

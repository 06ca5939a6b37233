import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type ConformanceClients, makeClients } from './conformance/clients.js';
import { buildServerProgram, type ServerProcess, type ServerProgram } from './server-process.fixture.js';

jest.setTimeout(60_000);

const MB = 1024 * 1024;
const SIZE = 60 * MB;

/** Bytes that do not repeat, made as they are needed. */
function* pieces(): Generator<Buffer> {
  for (let i = 0; i < SIZE / MB; i += 1) yield Buffer.alloc(MB, createHash('sha256').update(String(i)).digest());
}

describe('an object of 60 MB', () => {
  let program: ServerProgram;
  let dataDir: string;
  let server: ServerProcess;
  let clients: ConformanceClients;
  beforeAll(async () => {
    program = buildServerProgram();
    dataDir = await mkdtemp(join(tmpdir(), 'streaming-'));
    server = await program.start(dataDir);
    clients = makeClients(server.url);
  });
  afterAll(async () => {
    clients.destroy();
    await server.end('SIGKILL');
    program.remove();
    await rm(dataDir, { recursive: true });
  });

  const maxRss = async (): Promise<number> => ((await (await fetch(`${server.url}/_loadin/health`)).json()) as { maxRssBytes: number }).maxRssBytes;

  it('goes to disk and back without being held in memory', async () => {
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'warm-up', Body: Buffer.alloc(MB) }));
    const before = await maxRss();
    const sent = createHash('sha256');
    const body = Readable.from(
      (function* () {
        for (const piece of pieces()) {
          sent.update(piece);
          yield piece;
        }
      })(),
    );
    await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'big', Body: body, ContentLength: SIZE }));
    const received = createHash('sha256');
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'big' }));
    for await (const piece of Body as Readable) received.update(piece as Buffer);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    expect((await maxRss()) - before).toBeLessThan(40 * MB);
  });
});

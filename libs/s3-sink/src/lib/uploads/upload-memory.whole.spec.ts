import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { PROGRAM } from '@loadin/local-aws';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPendingUploads } from './pending-uploads.js';
import { chunks, MIB, OF } from './uploads.fixture.js';

/** Without it the garbage of whole parts would be counted as held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** In a process of its own: what a server holds is not the upload's memory. */
async function startServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loadin-s3-'));
  const child = spawn(process.execPath, [PROGRAM, '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(dataDir, { recursive: true });
    },
  };
}

describe('the memory of an upload', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: S3Client;
  beforeAll(async () => {
    server = await startServer();
    const settings = { region: 'us-east-1', endpoint: server.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    client = new S3Client(awsClientOptions(settings).s3);
    await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  it('holds the parts on their way and the one that is being filled, however large the object is', async () => {
    const uploads = createPendingUploads({ client, bucket: 'lake', partBytes: 8 * MIB, maxPartsInFlight: 2 });
    const attempt = uploads.attempt(OF);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let [sent, looks, most] = [0, 0, 0];
    const body = async function* () {
      for await (const chunk of chunks(160 * MIB, 0, MIB)) {
        yield chunk;
        sent += chunk.byteLength;
        if (sent % (16 * MIB) !== 0) continue;
        collectGarbage();
        looks += 1;
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    };
    const { parts } = await attempt.upload('large', body());
    expect([parts.length, looks]).toEqual([20, 10]);
    // Two on their way, one full that waits and one being filled; the rest is what the client has in its sockets.
    expect(most / MIB).toBeLessThan(64);
    await attempt.abort();
  });
});

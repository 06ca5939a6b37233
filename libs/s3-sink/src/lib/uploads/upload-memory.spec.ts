import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { createPendingUploads } from './pending-uploads.js';
import { chunks, MIB, OF } from './uploads.fixture.js';

/** Without it the garbage of whole parts would be counted as held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('the memory of an upload', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());

  it('holds the parts on their way and the one that is being filled, however large the object is', async () => {
    const uploads = createPendingUploads({ client: s3.client, bucket: await s3.bucket(), partBytes: 8 * MIB, maxPartsInFlight: 2 });
    const attempt = uploads.attempt(OF);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let [sent, looks, most] = [0, 0, 0];
    const body = async function* () {
      for await (const chunk of chunks(120 * MIB, 0, MIB)) {
        yield chunk;
        sent += chunk.byteLength;
        if (sent % (24 * MIB) !== 0) continue;
        collectGarbage();
        looks += 1;
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    };
    const { parts } = await attempt.upload('large', body());
    expect([parts.length, looks]).toEqual([15, 5]);
    // Two on their way, one full that waits and one being filled; the rest is what client and server, which is slow on a busy machine, have in their sockets.
    expect(most / MIB).toBeLessThan(100);
    await attempt.abort();
  });
});

import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { createManualClock } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { createPendingUploads } from './pending-uploads.js';
import type { PendingUploads, UploadCallOptions } from './types.js';
import { bytesOf, DONE_KEY, OF, pendingUploads, RECORD_KEY, throughClient } from './uploads.fixture.js';

const FOLDER = 'data/bronze/orders/';
const KEYS = ['a', 'b', 'c'].map((name) => `${FOLDER}${name}.parquet`);
const MAX_CRASHES = 60;
const ROUNDS = 20;

class Crash extends Error {}

describe('uploads under fire', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const exists = (bucket: string, key: string): Promise<boolean> =>
    s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).then(
      () => true,
      () => false,
    );
  /** Nothing is visible without a commit record, and everything when there is a done record. One listing shows both as they are at one moment. */
  const checkVisible = async (bucket: string): Promise<void> => {
    const keys = await s3.keys(bucket);
    const visible = keys.filter((key) => key.startsWith(FOLDER));
    if (visible.length > 0 && !keys.includes(RECORD_KEY)) throw new Error(`visible before the commit record: ${visible.join(', ')}`);
    if (keys.includes(DONE_KEY) && visible.length < KEYS.length) throw new Error(`done, and only ${visible.join(', ')} visible`);
  };

  const connect = (bucket: string, client: S3Client): PendingUploads =>
    createPendingUploads({ client, bucket, clock: createManualClock(Date.UTC(2024, 10, 8)), random: () => 0, maxCompletionsInFlight: 2 });

  /** What a writer does, from the recovery of an earlier attempt to the done record. */
  const runOnce = async (uploads: PendingUploads, content: string, options: UploadCallOptions = {}): Promise<void> => {
    if ((await uploads.recover(OF, options)).state !== 'none') return;
    const attempt = uploads.attempt(OF, options);
    try {
      await Promise.all(KEYS.map((key) => attempt.upload(key, [Buffer.from(`${content} ${key}`)])));
      const { record } = await attempt.commit();
      await uploads.complete(record, options);
      await uploads.abortLeftovers(record, { prefix: FOLDER, isOurs: (key) => key.endsWith('.parquet') }, options);
    } catch (error) {
      await attempt.abort();
      throw error;
    }
  };
  /** All of one attempt, whole, and nothing else. */
  const expectOneOutput = async (bucket: string, contents: readonly string[]): Promise<void> => {
    expect(await s3.keys(bucket)).toEqual([DONE_KEY, RECORD_KEY, ...KEYS]);
    const bodies = await Promise.all(KEYS.map(async (key) => (await bytesOf(s3, bucket, key)).toString()));
    const of = contents.map((content) => KEYS.map((key) => `${content} ${key}`));
    expect(of).toContainEqual(bodies);
  };

  /** A client of a process that dies at its n-th call: before S3 gets it, or after S3 has done it; every later call fails as well. */
  const dying = (bucket: string, at: number, when: 'before' | 'after'): { client: S3Client; died: () => boolean } => {
    let calls = 0;
    const client = throughClient(s3.client, async (_, send) => {
      calls += 1;
      if (calls > at || (calls === at && when === 'before')) throw new Crash(`crash at call ${at}`);
      const answer = await send();
      await checkVisible(bucket);
      if (calls >= at) throw new Crash(`crash after call ${at}`);
      return answer;
    });
    return { client, died: () => calls >= at };
  };

  it.each(['before', 'after'] as const)(
    'a crash %s any call loses nothing: another attempt ends the work, and nothing is visible early',
    async (when) => {
      let crashes = 0;
      for (let at = 1; at <= MAX_CRASHES; at += 1) {
        const bucket = await s3.bucket();
        const first = dying(bucket, at, when);
        await runOnce(connect(bucket, first.client), 'first').catch(() => undefined);
        if (!first.died()) break;
        crashes += 1;
        await checkVisible(bucket);
        const committed = await exists(bucket, RECORD_KEY);
        await runOnce(connect(bucket, s3.client), 'second');
        await expectOneOutput(bucket, [committed ? 'first' : 'second']);
      }
      // Two reads, three uploads of two calls, commit, three completions, done, and the look for leftovers.
      expect(crashes).toBeGreaterThanOrEqual(14);
      expect(crashes).toBeLessThan(MAX_CRASHES);
    },
  );

  it('two attempts in any order of their calls leave the output of one, whole (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 40 }), async (scheduler, crashAt) => {
        const bucket = await s3.bucket();
        const scheduled = (name: string, at: number): S3Client => {
          let calls = 0;
          return throughClient(s3.client, async (operation, send) => {
            calls += 1;
            if (calls >= at) throw new Crash();
            await scheduler.schedule(Promise.resolve(), `${name} ${operation}`);
            const answer = await send();
            await checkVisible(bucket);
            return answer;
          });
        };
        // The first one dies at some call in most of the cases; the second never does.
        const first = runOnce(connect(bucket, scheduled('first', crashAt === 0 ? Infinity : crashAt)), 'first').catch((error: unknown) => error);
        const second = runOnce(connect(bucket, scheduled('second', Infinity)), 'second').catch((error: unknown) => error);
        const [, ofSecond] = await scheduler.waitFor(Promise.all([first, second]));
        // It may have been told that the other one has committed; then it is run again, as a scheduler would.
        if (ofSecond !== undefined) expect(ofSecond).toMatchObject({ action: 'stop', reason: 'lease' });
        await runOnce(connect(bucket, s3.client), 'third');
        await expectOneOutput(bucket, ['first', 'second']);
      }),
      { seed: 42, numRuns: 20 },
    );
  });

  it('throttling, faults, dropped connections and lost answers of every operation change nothing', async () => {
    for (const [index, effect] of (['throttle', 'error500', 'drop', 'lostAnswer'] as const).entries()) {
      const bucket = await s3.bucket();
      s3.aws.faults.clear();
      s3.aws.faults.add({ service: 's3', operation: '*', bucket, effect, rate: 0.25, seed: index + 1 });
      const uploads = connect(bucket, s3.clientWithoutRetries);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const ended = await runOnce(uploads, `round ${round}`).then(
          () => true,
          () => false,
        );
        if (ended) break;
      }
      expect(s3.aws.faults.list()[0]?.fired).toBeGreaterThan(0);
      s3.aws.faults.clear();
      await runOnce(uploads, 'last');
      await expectOneOutput(bucket, ['last', ...Array.from({ length: ROUNDS }, (_, round) => `round ${round + 1}`)]);
    }
  });

  it('attempts that are at it all at once agree on one output, while somebody lists all the time', async () => {
    const bucket = await s3.bucket();
    let running = true;
    let looks = 0;
    const observer = (async () => {
      for (; running; looks += 1) await checkVisible(bucket);
    })();
    const names = ['one', 'two', 'three', 'four'];
    const results = await Promise.allSettled(names.map((name) => runOnce(connect(bucket, s3.client), name)));
    running = false;
    await observer;
    expect(looks).toBeGreaterThan(2);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ action: 'stop', reason: 'lease' });
    await runOnce(connect(bucket, s3.client), 'last');
    await expectOneOutput(bucket, names);
    expect(await pendingUploads(s3, bucket)).toEqual([]);
  });
});

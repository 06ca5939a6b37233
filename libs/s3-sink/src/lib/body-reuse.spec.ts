import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createMeter, silentLogger } from '@loadin/observability';
import { batchOf, recordOf } from '@loadin/testing';
import { createS3RawSink } from './raw-sink.js';

interface Call {
  readonly body: Buffer;
  answer(attempts: number): void;
  fail(error: Error): void;
}

/** A sink whose puts are answered by the test. */
function setUp() {
  const calls: Call[] = [];
  const send = ({ input }: PutObjectCommand) =>
    new Promise((resolve, reject) => {
      calls.push({ body: input.Body as Buffer, answer: (attempts) => resolve({ $metadata: { attempts } }), fail: reject });
    });
  const sink = createS3RawSink({ client: { send } as unknown as S3Client, bucket: 'lake' });
  /** Begins to write a body of 200 kB, and waits until it is put. */
  const begin = async (part: number) => {
    const batch = batchOf([recordOf(`spotify_${part}`, { artist_id: `spotify_${part}`, text: String(part).repeat(200_000) })], { part });
    const before = calls.length;
    const ended = sink
      .write(batch, { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger })
      .catch((error: unknown) => error);
    while (calls.length === before) await new Promise(setImmediate);
    const call = calls.at(-1) as Call;
    return { memory: call.body.buffer, body: call.body, answer: call.answer, fail: call.fail, ended };
  };
  return { begin };
}

describe('the memory of a body', () => {
  it('is used again once S3 has confirmed its object, and not before', async () => {
    const { begin } = setUp();
    const [first, second] = [await begin(1), await begin(2)];
    expect(second.memory).not.toBe(first.memory);
    expect(first.body.toString()).toContain('1'.repeat(200_000));
    first.answer(1);
    await first.ended;
    const third = await begin(3);
    expect(third.memory).toBe(first.memory);
    expect((await begin(4)).memory).not.toBe(second.memory);
    expect([second.body, third.body].map((body) => body.toString().slice(-11))).toEqual(['222222"}]}\n', '333333"}]}\n']);
  });

  it('is not used again when a try has failed, because that may still be sending', async () => {
    const { begin } = setUp();
    const [repeated, failed] = [await begin(1), await begin(2)];
    repeated.answer(2);
    failed.fail(new Error('socket hang up'));
    await Promise.all([repeated.ended, failed.ended]);
    const later = [await begin(3), await begin(4), await begin(5)].map(({ memory }) => memory);
    expect(later).not.toContain(repeated.memory);
    expect(later).not.toContain(failed.memory);
  });
});

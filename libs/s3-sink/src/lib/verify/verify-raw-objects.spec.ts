import { hash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import type { SinkOptions, WrittenObject } from '@loadin/pipeline';
import { StopError } from '@loadin/resilience';
import { batchOf, createManualClock, recordsOf } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import { createS3RawSink } from '../raw-sink.js';
import type { RawManifest } from './types.js';

const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: silentLogger }) satisfies SinkOptions;
const { runId, source, dataType, second } = batchOf([]);

describe('verify of raw objects', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());

  /** Three objects of a run, and what it says of them. */
  const written = async (gzip = false) => {
    const bucket = await s3.bucket();
    const sink = createS3RawSink({ client: s3.client, bucket, gzip, clock: createManualClock(0) });
    const objects: WrittenObject[] = [];
    for (const part of [0, 1, 2]) objects.push(...(await sink.write(batchOf(recordsOf(10 + part), { part, rejected: part }), options())).objects);
    const manifest: RawManifest = { runId, source, dataType, second, objects };
    const keyOf = (index: number): string => objects[index]?.uri.slice(`s3://${bucket}/`.length) ?? '';
    const put = (Key: string, Body: string | Buffer) => s3.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const found = async (of: RawManifest = manifest) =>
      (await sink.verify(of)).differences.map(({ where, kind, message }) => `${where.slice(where.lastIndexOf('/') + 1)} ${kind}: ${message}`);
    return { bucket, sink, manifest, objects, keyOf, put, found };
  };

  it.each([false, true])('finds nothing in what was written (gzip: %s)', async (gzip) => {
    const { sink, manifest, objects } = await written(gzip);
    const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
    expect(await sink.verify(manifest)).toEqual({ objects: 3, records: 33, bytes, differences: [] });
  });

  it('names what is missing, what is changed and what nobody reported, each alone', async () => {
    const { bucket, objects, keyOf, put, sink, found } = await written();
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(0) }));
    const text = await s3.text(bucket, keyOf(1));
    await put(keyOf(1), text.replace('"records_failed":1', '"records_failed":7'));
    await sink.write(batchOf(recordsOf(4), { part: 5 }), options());
    expect(await found()).toEqual([
      'artists_20241108_120000.json missing: it is not there',
      `artists_20241108_120000_00001.json content: MD5 of its content is ${md5(text.replace('failed":1', 'failed":7'))}, reported is ${objects[1]?.checksum}`,
      'artists_20241108_120000_00001.json counts: records_processed is 12, not 11 + 7',
      'artists_20241108_120000_00005.json unreported: it lies among the objects of this run, and the manifest does not have it',
    ]);
  });

  it('lists nothing without a second', async () => {
    const { sink, manifest, found } = await written();
    await sink.write(batchOf(recordsOf(4), { part: 5 }), options());
    expect(await found({ ...manifest, second: undefined as never })).toEqual([]);
  });

  it('names an object that is damaged, of another run, too large to be one, or in another bucket', async () => {
    const { manifest, keyOf, put, found, bucket } = await written();
    await put(keyOf(0), 'cut off');
    await put(keyOf(2), Buffer.alloc(16_000_001, 'x'));
    const elsewhere: WrittenObject = { uri: 's3://elsewhere/raw/x.json', bytes: 1, records: 1, existed: false };
    const differences = await found({ ...manifest, runId: 'another', objects: [...manifest.objects, elsewhere] });
    expect(differences.filter((one) => one.startsWith('artists_20241108_120000.json'))).toEqual([
      expect.stringContaining('content: MD5'),
      expect.stringContaining('content: it has 7 bytes'),
      expect.stringContaining('format: it is not one line of JSON'),
    ]);
    expect(differences.slice(-3)).toEqual([
      `artists_20241108_120000_00001.json identity: its run_id is "${runId}", not "another"`,
      'artists_20241108_120000_00002.json content: it has 16000001 bytes; a raw object has at most 16000000',
      `x.json missing: it can't be looked at: it lies in another bucket than ${bucket}`,
    ]);
  });

  it('takes the same content from another zlib for another object of the same content', async () => {
    const { bucket, keyOf, put, found } = await written(true);
    const plain = await written();
    const body = gzipSync(await s3.text(plain.bucket, plain.keyOf(0)), { level: 0 });
    await put(keyOf(0), body);
    expect(await found()).toEqual([expect.stringMatching(new RegExp(`json.gz content: it has ${body.byteLength} bytes, reported are \\d+`))]);
    await put(keyOf(0), 'no gzip');
    expect(await found()).toEqual(['artists_20241108_120000.json.gz format: it is not gzip, as its name says']);
    expect(bucket).not.toBe('');
  });

  it('reads an object again whose bytes arrived damaged, and names it when they always do', async () => {
    const { bucket, manifest } = await written();
    const client = new S3Client(
      awsClientOptions({ region: 'us-east-1', endpoint: s3.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }).s3,
    );
    let damage = 1;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { body: Readable; statusCode: number };
        if ((args.request as { method: string }).method === 'GET' && response.statusCode === 200 && damage-- > 0)
          response.body = response.body.pipe(flipped());
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'damage' },
    );
    const sink = createS3RawSink({ client, bucket, clock: createManualClock(0) });
    const of = { ...manifest, objects: manifest.objects.slice(0, 1), second: undefined as never };
    expect((await sink.verify(of)).differences).toEqual([]);
    damage = Infinity;
    expect((await sink.verify(of)).differences).toEqual([
      { where: manifest.objects[0]?.uri, kind: 'content', message: 'its bytes do not have the checksum that S3 keeps for it' },
    ]);
    client.destroy();
  });

  it('ends with the reason of its signal, and with an error where S3 does not let it look', async () => {
    const { sink, manifest } = await written();
    const reason = new StopError('no time left', { reason: 'deadline' });
    await expect(sink.verify(manifest, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(sink.verify({ ...manifest, second: undefined as never }, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(StopError);
    const lost = createS3RawSink({ client: s3.client, bucket: 'not-there' });
    await expect(lost.verify(manifest)).rejects.toThrow('the bucket does not exist (NoSuchBucket)');
  });
});

const md5 = (text: string): string => hash('md5', text);

function flipped(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const changed = Buffer.from(chunk);
      changed[0] = (changed[0] ?? 0) ^ 1;
      done(null, changed);
    },
  });
}

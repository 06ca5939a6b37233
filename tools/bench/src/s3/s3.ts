import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import type { Batch, BatchRecord, Sink } from '@loadin/pipeline';
import { createS3RawSink } from '@loadin/s3-sink';
import { connectionTo, startAws } from '../aws/aws-server.js';
import { withChild } from '../child.js';
import { batchOf, recordsOf } from '../kinesis/stream.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';

const Bucket = 'lake';
const concurrency = 4;
const rounds = 11;
/** Objects that were made: each has a name of its own. */
let made = 0;

interface Size {
  readonly what: string;
  readonly records: number;
  /** In a round. */
  readonly objects: number;
}

const SIZES: readonly Size[] = [
  { what: '5,000 records', records: 5_000, objects: 24 },
  { what: '200 records', records: 200, objects: 120 },
];
const LATENCIES = [0, 20];

/** Objects a second of the raw sink, held against a bare loop of `PutObject` with the same bodies, without latency and with 20 ms. */
export async function measureS3(): Promise<Report> {
  const figures: Figure[] = [];
  for (const latencyMs of LATENCIES) {
    figures.push(
      ...(await withChild(startAws({ latencyMs }), async ({ url }) => {
        const client = new S3Client(awsClientOptions(connectionTo(url)).s3);
        await client.send(new CreateBucketCommand({ Bucket }));
        const found: Figure[] = [];
        for (const size of SIZES) found.push(...(await measureSize(client, size, latencyMs)));
        client.destroy();
        return found;
      })),
    );
  }
  return { title: `Raw objects on loopback, ${concurrency} at once, medians of ${rounds} interleaved rounds`, figures };
}

async function measureSize(client: S3Client, { what, records: count, objects }: Size, latencyMs: number): Promise<Figure[]> {
  const records = recordsOf(count);
  const sink = createS3RawSink({ client, bucket: Bucket });
  const bare = () => inParallel(objects, () => putBare(client, bodyOf(records)));
  const ours = () => inParallel(objects, () => put(sink, batchNumber((made += 1), records)));
  const body = bodyOf(records);
  const ready = () => inParallel(objects, () => putBare(client, body));
  const measured = await interleaved({ bare: () => timed(bare), ready: () => timed(ready), ours: () => timed(ours) }, { rounds, warmUps: 3 });
  const perSecond = (times: readonly number[]): number => (objects * 1_000) / median(times);
  const where = `${what} (${Math.round(body.byteLength / 1_000)} kB), ${latencyMs} ms`;
  return [
    { what: `${where}: bare loop`, measured: perSecond(measured.bare), unit: 'objects/s' },
    { what: `${where}: our sink`, measured: perSecond(measured.ours), unit: 'objects/s' },
    { what: '  of the bare loop', measured: 100 * medianRatio(measured.bare, measured.ours), unit: '%', digits: 1, atLeast: 90 },
    { what: '  of one whose body is ready', measured: 100 * medianRatio(measured.ready, measured.ours), unit: '%', digits: 1 },
  ];
}

async function putBare(client: S3Client, Body: Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key: `bare/${(made += 1)}.json`, Body, ContentType: 'application/json' }));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while ((left -= 1) >= 0) await work();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function put(sink: Sink, batch: Batch): Promise<void> {
  const { acks, objects } = await sink.write(batch, { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger });
  if (!acks.every(({ status }) => status === 'delivered') || objects[0]?.existed !== false) throw new Error('an object was not written');
}

/** A batch with a name of its own: seconds, slices and parts count up. */
function batchNumber(n: number, records: readonly BatchRecord[]): Batch {
  const second = `${new Date(Date.UTC(2024, 10, 8) + Math.floor(n / 100) * 1_000).toISOString().slice(0, 19)}Z`;
  return { ...batchOf(records), second, sliceOrdinal: 0, part: n % 100 };
}

/** What somebody would write without a sink, as many bytes. */
function bodyOf(records: readonly BatchRecord[]): Buffer {
  const result = {
    ...{
      success: true,
      source: 'spotify',
      data_type: 'artists',
      records_processed: records.length,
      records_successful: records.length,
      records_failed: 0,
    },
    ...{ timestamp: batchOf([]).second, run_id: batchOf([]).runId, ingestion_id: batchOf([]).ingestionId, slice: 0, part: 0 },
  };
  return Buffer.from(`{"ingestion_result":${JSON.stringify(result)},"records":[${records.map(({ json }) => json).join(',')}]}\n`);
}

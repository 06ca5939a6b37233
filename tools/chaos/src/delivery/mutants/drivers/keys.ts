import { KinesisClient } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { createKinesisSink } from '@loadin/kinesis-sink';
import { silentLogger, silentMeter, type BatchRecord } from '@loadin/pipeline';

// A Kinesis sink that is used alone, as any service may use it: the same keys again and again, in batches that are written at the same time. A record counts the
// versions of its key, so that a reader can tell their order.
const KEYS = 40;
const VERSIONS = 12;
const IN_A_BATCH = 3;

const client = new KinesisClient(
  awsClientOptions({ endpoint: process.env['AWS_ENDPOINT_URL'], region: process.env['AWS_REGION'] ?? 'us-east-1' }).kinesis,
);
const sink = createKinesisSink({ client, streamName: process.env['AWS_KINESIS_STREAM_NAME'] ?? '', backoffBaseMs: 10, backoffMaxMs: 50 });
const address = {
  runId: 'keys',
  ingestionId: 'keys',
  source: 'keys',
  dataType: 'keys',
  sliceOrdinal: 0,
  second: '2026-03-01T02:00:00Z',
  rejected: 0,
};

const recordOf = (key: number, version: number): BatchRecord => {
  const value = { id: `key_${key}`, version };
  return { id: value.id, value, json: JSON.stringify(value), hash: String(version) };
};

const batches = Array.from({ length: VERSIONS / IN_A_BATCH }, (_, part) => {
  const versions = Array.from({ length: IN_A_BATCH }, (__, index) => part * IN_A_BATCH + index + 1);
  return { ...address, part, records: versions.flatMap((version) => Array.from({ length: KEYS }, (__, key) => recordOf(key, version))) };
});
const options = { signal: new AbortController().signal, meter: silentMeter, logger: silentLogger };
await Promise.all(batches.map((batch) => sink.write(batch, options)));
client.destroy();
process.stdout.write(`${JSON.stringify({ status: 'complete', already_complete: false, problems: [], streams: [] })}\n`);

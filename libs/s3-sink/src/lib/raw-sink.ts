import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import type { Ack, Batch, Sink, SinkOptions, WriteResult } from '@loadin/pipeline';
import { FatalError, LoadinError, systemClock, type Clock } from '@loadin/resilience';
import { confirmSameContent } from './confirm-same-content.js';
import { putOnce } from './put-once.js';
import { rawBody } from './raw-body.js';
import { rawKey } from './raw-key.js';

export interface S3RawSinkOptions {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: S3Client;
  readonly bucket: string;
  /** Compress, and add `.gz` to the names. Default: `false`: the objects can be read as they are. */
  readonly gzip?: boolean;
  /** For waits between repetitions. Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of these waits. Default: `Math.random`. */
  readonly random?: () => number;
}

const MAX_RECORDS = 5_000;
const MAX_OBJECT_BYTES = 16_000_000;
/** What an object holds besides its records' JSON: the commas between them and the `ingestion_result`. */
const ROOM_FOR_ENVELOPE = 16_000;
const MAX_RECORD_BYTES = MAX_OBJECT_BYTES - ROOM_FOR_ENVELOPE;

const compress = promisify(gzipWithCallback);

/** One raw object a batch, written once: a second write of the same batch finds it there and counts it as delivered. */
export function createS3RawSink(options: S3RawSinkOptions): Sink {
  const { client, bucket, gzip = false, clock = systemClock, random = Math.random } = options;

  const writeObject = async (batch: Batch, { signal, meter }: SinkOptions): Promise<WriteResult> => {
    const acks = batch.records.map(ackFor);
    const records = batch.records.filter((_, index) => acks[index]?.status === 'delivered');
    const key = rawKey(batch, gzip ? '.json.gz' : '.json');
    const uri = `s3://${bucket}/${key}`;
    const content = rawBody(batch, records);
    if (batch.records.length > MAX_RECORDS || content.byteLength > MAX_OBJECT_BYTES) throw tooLarge(batch, content.byteLength, uri);
    const body = gzip ? await compress(content) : content;
    const md5 = createHash('md5').update(body).digest('hex');
    const metadata = { 'run-id': batch.runId, 'ingestion-id': batch.ingestionId, records: String(records.length), md5 };
    const input = { Bucket: bucket, Key: key, Body: body, ContentType: gzip ? 'application/gzip' : 'application/json', Metadata: metadata };
    const outcome = await putOnce(client, input, { clock, random, signal, meter }).catch((error: unknown) => {
      throw toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: uri });
    });
    if (outcome === 'created') meter.add('bytes_written', body.byteLength);
    else await confirmSameContent(client, { bucket, key, content, md5, gzip, signal });
    return { acks, objects: [{ uri, bytes: body.byteLength, records: records.length, existed: outcome !== 'created' }] };
  };

  return {
    name: 's3_raw',
    limits: { maxRecords: MAX_RECORDS, maxBytes: MAX_RECORD_BYTES },
    async write(batch, sinkOptions) {
      const { signal } = sinkOptions;
      signal.throwIfAborted();
      try {
        return await writeObject(batch, sinkOptions);
      } catch (error) {
        throw signal.aborted && signal.reason instanceof LoadinError ? signal.reason : error;
      }
    },
  };
}

function tooLarge({ records }: Batch, bytes: number, where: string): FatalError {
  return new FatalError(`A raw object holds ${MAX_RECORDS} records and ${MAX_OBJECT_BYTES} bytes; this batch has ${records.length} and ${bytes}`, {
    where,
    hint: "Cut batches to the sink's limits.",
  });
}

function ackFor({ json }: { readonly json: string }): Ack {
  // A UTF-16 unit takes at most three bytes in UTF-8: count only what might be too large.
  const bytes = json.length * 3 > MAX_RECORD_BYTES ? Buffer.byteLength(json) : 0;
  if (bytes <= MAX_RECORD_BYTES) return { status: 'delivered' };
  return { status: 'undeliverable', reason: `the record has ${bytes} bytes; a raw object holds ${MAX_RECORD_BYTES}`, errorClass: 'RecordTooLarge' };
}

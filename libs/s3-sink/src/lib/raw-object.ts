import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { Ack, Batch } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import type { BodyBuffers } from './body-buffers.js';
import { rawBody } from './raw-body.js';
import { rawKey } from './raw-key.js';
import { PUT_CHECKSUM } from './write-settings.js';

export const MAX_RECORDS = 5_000;
/** Before compression. */
export const MAX_OBJECT_BYTES = 16_000_000;
/** What an object holds besides its records' JSON: the commas between them and the `ingestion_result`. */
const ROOM_FOR_ENVELOPE = 16_000;
export const MAX_RECORD_BYTES = MAX_OBJECT_BYTES - ROOM_FOR_ENVELOPE;

const compress = promisify(gzipWithCallback);

/** The object of a batch, as it is put. */
export interface RawObject {
  readonly uri: string;
  readonly bucket: string;
  readonly key: string;
  readonly gzip: boolean;
  readonly acks: readonly Ack[];
  /** Records in it. */
  readonly records: number;
  /** Before compression. */
  readonly content: Buffer;
  /** MD5 of the content. */
  readonly checksum: string;
  readonly body: Buffer;
  /** MD5 of the body: its ETag, where the bucket encrypts with S3's own keys. */
  readonly md5: string;
  readonly input: PutObjectCommandInput;
}

export interface RawObjectOptions {
  readonly bucket: string;
  readonly gzip: boolean;
  /** Where the content is written to: it may be given back when nobody looks at the object any more. */
  readonly buffers: BodyBuffers;
}

/** Throws `FatalError` for a batch above the limits. A record that no object can hold is answered for and left out. */
export async function rawObject(batch: Batch, { bucket, gzip, buffers }: RawObjectOptions): Promise<RawObject> {
  const acks = batch.records.map(ackFor);
  const records = acks.every((ack) => ack === DELIVERED) ? batch.records : batch.records.filter((_, index) => acks[index] === DELIVERED);
  const key = rawKey(batch, gzip ? '.json.gz' : '.json');
  const uri = `s3://${bucket}/${key}`;
  const content = rawBody(batch, records, buffers);
  if (batch.records.length > MAX_RECORDS || content.byteLength > MAX_OBJECT_BYTES) throw tooLarge(batch, content.byteLength, uri);
  const body = gzip ? await compress(content) : content;
  const checksum = hash('md5', content);
  const md5 = gzip ? hash('md5', body) : checksum;
  const metadata = { 'run-id': batch.runId, 'ingestion-id': batch.ingestionId, records: String(records.length), md5 };
  const address = { Bucket: bucket, Key: key, ContentType: gzip ? 'application/gzip' : 'application/json' };
  const input = { ...address, Body: body, Metadata: metadata, ChecksumAlgorithm: PUT_CHECKSUM };
  return { uri, bucket, key, gzip, acks, records: records.length, content, checksum, body, md5, input };
}

function tooLarge({ records }: Batch, bytes: number, where: string): FatalError {
  return new FatalError(`A raw object holds ${MAX_RECORDS} records and ${MAX_OBJECT_BYTES} bytes; this batch has ${records.length} and ${bytes}`, {
    where,
    hint: "Cut batches to the sink's limits.",
  });
}

const DELIVERED: Ack = { status: 'delivered' };

function ackFor({ json }: { readonly json: string }): Ack {
  // A UTF-16 unit takes at most three bytes in UTF-8: count only what might be too large.
  const bytes = json.length * 3 > MAX_RECORD_BYTES ? Buffer.byteLength(json) : 0;
  if (bytes <= MAX_RECORD_BYTES) return DELIVERED;
  return { status: 'undeliverable', reason: `the record has ${bytes} bytes; a raw object holds ${MAX_RECORD_BYTES}`, errorClass: 'RecordTooLarge' };
}

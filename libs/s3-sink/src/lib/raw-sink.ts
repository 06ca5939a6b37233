import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import type { Ack, Batch, Sink, SinkOptions, WriteResult, WrittenObject } from '@loadin/pipeline';
import { LoadinError, systemClock, type Clock } from '@loadin/resilience';
import { createBodyBuffers } from './body-buffers.js';
import { confirmSameContent } from './confirm-same-content.js';
import { cutBatch } from './cut-batch.js';
import { putOnce } from './put-once.js';
import { rawKey } from './raw-key.js';
import { MAX_RECORD_BYTES, MAX_RECORDS, rawObject } from './raw-object.js';
import { replaceRawObjects } from './replace-raw-objects.js';
import type { RawManifest, RawVerification, VerifyOptions } from './verify/types.js';
import { verifyRawObjects } from './verify/verify-raw-objects.js';
import { puttingWith, settingsInput, type WriteSettings } from './write-settings.js';

export interface S3RawSinkOptions extends WriteSettings {
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

export interface S3RawSink extends Sink {
  /**
   * Reads the objects of a manifest again, recounts and rehashes them, and names every one that differs, is missing or that the manifest does not have.
   * Writes nothing. Throws a `LoadinError` when S3 does not answer.
   */
  verify(manifest: RawManifest, options?: VerifyOptions): Promise<RawVerification>;
}

/** `Sink.layout` of the raw sink: what its objects are, as their names end. */
export const rawLayout = ({ gzip = false }: Pick<S3RawSinkOptions, 'gzip'>): string => (gzip ? 'json.gz' : 'json');

/**
 * Raw objects, written once: a second write of the same batch finds them there and counts them as delivered. A batch is one object; one above the limits
 * is several, with the parts that follow its own. `replacing` is for replays: there an object is replaced, on condition that it is the one that was
 * looked at. Throws `FatalError` for settings that S3 would refuse.
 */
export function createS3RawSink(options: S3RawSinkOptions): S3RawSink {
  const { bucket, gzip = false, clock = systemClock, random = Math.random } = options;
  const client = puttingWith(options.client, settingsInput(options));
  const buffers = createBodyBuffers();

  const writeObject = async (batch: Batch, { signal, meter }: SinkOptions): Promise<{ acks: readonly Ack[]; object: WrittenObject }> => {
    const object = await rawObject(batch, { bucket, gzip, buffers });
    const { uri, acks, records, body, checksum } = object;
    const { created, repeated } = await putOnce(client, object.input, { clock, random, signal, meter }).catch((error: unknown) => {
      throw toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: uri });
    });
    if (created) meter.add('bytes_written', body.byteLength);
    else await confirmSameContent(client, { ...object, signal });
    // S3 has all of it. A try that failed may still be sending.
    if (created && !repeated) buffers.giveBack(object.content);
    return { acks, object: { uri, bytes: body.byteLength, records, existed: !created, checksum } };
  };
  const writeAll = async (batch: Batch, sinkOptions: SinkOptions): Promise<WriteResult> => {
    const pieces = cutBatch(batch);
    for (const piece of pieces) rawKey(piece); // all have a name, or nothing is written
    const written: Awaited<ReturnType<typeof writeObject>>[] = [];
    for (const piece of pieces) {
      sinkOptions.signal.throwIfAborted();
      written.push(await writeObject(piece, sinkOptions));
    }
    return { acks: written.flatMap(({ acks }) => acks), objects: written.map(({ object }) => object) };
  };

  return {
    name: 's3_raw',
    limits: { maxRecords: MAX_RECORDS, maxBytes: MAX_RECORD_BYTES },
    layout: rawLayout({ gzip }),
    replacing: replaceRawObjects({ client, bucket, gzip, buffers, clock, random }),
    verify: (manifest, verifyOptions) => verifyRawObjects({ client: options.client, bucket, clock, random }, manifest, verifyOptions),
    async write(batch, sinkOptions) {
      const { signal } = sinkOptions;
      try {
        return await writeAll(batch, sinkOptions);
      } catch (error) {
        throw signal.aborted && signal.reason instanceof LoadinError ? signal.reason : error;
      }
    },
  };
}

import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import type { Batch, Sink, SinkOptions, WriteResult } from '@loadin/pipeline';
import { LoadinError, systemClock, type Clock } from '@loadin/resilience';
import { confirmSameContent } from './confirm-same-content.js';
import { putOnce } from './put-once.js';
import { MAX_RECORD_BYTES, MAX_RECORDS, rawObject } from './raw-object.js';
import { replaceRawObjects } from './replace-raw-objects.js';
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

/**
 * One raw object a batch, written once: a second write of the same batch finds it there and counts it as delivered. `replacing` is for replays:
 * there an object is replaced, on condition that it is the one that was looked at.
 */
export function createS3RawSink(options: S3RawSinkOptions): Sink {
  const { bucket, gzip = false, clock = systemClock, random = Math.random } = options;
  const client = puttingWith(options.client, settingsInput(options));

  const writeObject = async (batch: Batch, { signal, meter }: SinkOptions): Promise<WriteResult> => {
    const object = await rawObject(batch, { bucket, gzip });
    const { uri, acks, records, body, checksum } = object;
    const outcome = await putOnce(client, object.input, { clock, random, signal, meter }).catch((error: unknown) => {
      throw toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: uri });
    });
    if (outcome === 'created') meter.add('bytes_written', body.byteLength);
    else await confirmSameContent(client, { ...object, signal });
    return { acks, objects: [{ uri, bytes: body.byteLength, records, existed: outcome !== 'created', checksum }] };
  };

  return {
    name: 's3_raw',
    limits: { maxRecords: MAX_RECORDS, maxBytes: MAX_RECORD_BYTES },
    replacing: replaceRawObjects({ client, bucket, gzip, clock, random }),
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

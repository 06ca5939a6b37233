import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Ack, Batch, Sink, SinkOptions, WriteResult } from '@loadin/pipeline';
import { createBackoff, systemClock, type Clock } from '@loadin/resilience';
import { cancelled, createDelivery, type HeldKeys, type Item } from './delivery.js';
import { createDispatcher } from './dispatcher.js';
import { encodeRecord } from './encode-record.js';
import { MAX_RECORD_BYTES, MAX_REQUEST_BYTES, MAX_REQUEST_RECORDS } from './limits.js';
import { putRecords } from './put-records.js';

export interface KinesisSinkOptions {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Requests under way at the same time, over all batches. Default: 2 (2 × 500 records fill several shards; more only meet their limits). */
  readonly concurrency?: number;
  /** How often a record may be refused before the write ends with an error, the records not yet accepted pending. Default: 15: with these waits about half a minute, many throttling windows of a second. */
  readonly recordAttempts?: number;
  /** How often in a row whole requests may fail before the write does. Default: 3, each after all tries of the SDK. */
  readonly requestAttempts?: number;
  /** The largest record with its key, in bytes. Default: 1 MiB; raise it with the stream's own limit. */
  readonly maxRecordBytes?: number;
  /** The first wait after a refusal is below this, in milliseconds. Default: 100. */
  readonly backoffBaseMs?: number;
  /** No wait is longer, in milliseconds. Default: 5,000. */
  readonly backoffMaxMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of the waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * Puts batches on a stream and answers for each record, once Kinesis has accepted it. When the stream takes only a part, the rest is answered
 * as pending, so that a later attempt sends nothing twice. Batches may be written concurrently.
 */
export function createKinesisSink(options: KinesisSinkOptions): Sink {
  const { client, streamName, maxRecordBytes = MAX_RECORD_BYTES, clock = systemClock, random = Math.random } = options;
  const { backoffBaseMs: baseMs = 100, backoffMaxMs: maxMs = 5_000 } = options;
  const held: HeldKeys = new Map();
  const limits = { maxRecords: MAX_REQUEST_RECORDS, maxBytes: Math.max(MAX_REQUEST_BYTES, maxRecordBytes) };
  const dispatcher = createDispatcher({
    concurrency: options.concurrency ?? 2,
    recordAttempts: options.recordAttempts ?? 15,
    requestAttempts: options.requestAttempts ?? 3,
    clock,
    backoff: createBackoff({ baseMs, maxMs, random }),
    send: (items, { options: { signal, meter } }) => putRecords(items, { client, streamName, signal, meter }),
  });

  return {
    name: 'kinesis',
    limits: { maxRecords: 5_000, maxBytes: 16_000_000 },
    async write(batch: Batch, sinkOptions: SinkOptions): Promise<WriteResult> {
      if (sinkOptions.signal.aborted) throw cancelled(sinkOptions.signal);
      const acks: (Ack | undefined)[] = [];
      const items: Item[] = [];
      batch.records.forEach((record, index) => {
        const encoded = encodeRecord(record, batch, maxRecordBytes);
        if ('status' in encoded) acks[index] = encoded;
        else items.push({ ...encoded, index, refusals: 0 });
      });
      const delivery = createDelivery(items, acks, held, limits, sinkOptions);
      dispatcher.add(delivery);
      return { ...(await delivery.done), objects: [] };
    },
  };
}

import { silentMeter } from '@loadin/observability';
import type { Batch, BatchRecord, Sink, SinkOptions, WriteResult } from '@loadin/pipeline';
import { createBackoff, systemClock } from '@loadin/resilience';
import { cancelled, createDelivery } from './delivery.js';
import { createDispatcher } from './dispatcher.js';
import { createEncoder } from './encode-record.js';
import { listShards } from './list-shards.js';
import { validated, type KinesisSinkOptions } from './options.js';
import { createOutstanding } from './outstanding.js';
import { putRecords } from './put-records.js';
import { newCounts, type KinesisSinkStats } from './stats.js';
import { steadyTime } from './steady-time.js';

export interface KinesisSink extends Sink {
  /** What it has done so far. */
  stats(): KinesisSinkStats;
}

/**
 * Puts batches on a stream and answers for each record, once Kinesis has accepted it. When the stream takes only a part, the rest is answered
 * as pending, so that a later attempt sends nothing twice. Batches may be written concurrently: they share requests, the pace of each shard, and the
 * order of each key. Throws `FatalError` for an option that can't be.
 */
export function createKinesisSink(options: KinesisSinkOptions): KinesisSink {
  const { client, streamName, clock = systemClock, random = Math.random, explicitHashKey } = options;
  const { maxRecordBytes, maxOutstanding, backoff, routeByShard, ...sending } = validated(options);
  const counts = newCounts();
  const outstanding = createOutstanding(maxOutstanding);
  const dispatcher = createDispatcher({
    ...sending,
    streamName,
    clock,
    now: steadyTime(clock),
    backoff: createBackoff({ ...backoff, random }),
    counts,
    send: (items, signal) =>
      putRecords(
        items.map(({ record }) => record),
        { client, streamName, signal, meter: items[0]?.delivery.options.meter ?? silentMeter },
      ),
    list: routeByShard
      ? (signal) => {
          counts.shardLists += 1;
          return listShards({ client, streamName, signal });
        }
      : undefined,
  });

  const write = async (batch: Batch, sinkOptions: SinkOptions): Promise<WriteResult> => {
    const encode = createEncoder(batch, { maxBytes: maxRecordBytes, explicitHashKey });
    const delivery = createDelivery(batch.records.map(encode), sinkOptions);
    dispatcher.add(delivery);
    return { ...(await delivery.done), objects: [] };
  };
  return {
    name: 'kinesis',
    limits: { maxRecords: 5_000, maxBytes: 16_000_000 },
    async write(batch, sinkOptions) {
      const { signal } = sinkOptions;
      const size = { records: batch.records.length, bytes: batch.records.reduce(sizeOf, 0) };
      await outstanding.enter(size, signal).catch(() => {
        throw cancelled(signal); // nothing else keeps it out
      });
      counts.outstanding += size.records;
      try {
        return await write(batch, sinkOptions);
      } finally {
        counts.outstanding -= size.records;
        outstanding.leave(size);
      }
    },
    stats: dispatcher.stats,
  };
}

/** About: a character has a byte or two. */
const sizeOf = (bytes: number, { json }: BatchRecord): number => bytes + json.length;

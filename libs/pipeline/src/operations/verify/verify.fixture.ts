import { createMemoryObjectStore, createMemoryStateStore, createMemorySink } from '@loadin/testing';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { runJob, type BatchRecord, type JsonObject, type RunReport, type Sink, type Stream } from '../../index.js';
import { toArtist } from '../../list-stream.fixture.js';
import { AT } from '../../run.fixture.js';
import type { StreamEntry, StreamReader, VerifyContext } from './types.js';

const BEGAN = Date.parse('2024-11-08T02:00:05Z');
export const NOW = BEGAN + 3_600_000;

/** A raw sink that puts real objects into a lake in memory, and a stream that can be read back and tampered with. */
export function createVerifyWorld(options: { readonly gzip?: boolean; readonly refuse?: (id: string) => boolean } = {}) {
  const lake = createMemoryObjectStore();
  const state = createMemoryStateStore();
  const entries: StreamEntry[] = [];
  const put = ({ id, value, hash }: BatchRecord, more: JsonObject): void => {
    const data = Buffer.from(JSON.stringify({ ...value, ...more, record_hash: hash }));
    entries.push({ key: id, data, where: `shard-0 ${entries.length}` });
  };
  const memory = createMemorySink({ name: 'kinesis', refuse: ({ id }) => (options.refuse?.(id) ? 'too large' : undefined) });
  const kinesis: Sink = {
    ...memory,
    async write(batch, sinkOptions) {
      const result = await memory.write(batch, sinkOptions);
      batch.records.forEach((record, index) => {
        if (result.acks[index]?.status === 'delivered')
          put(record, { data_type: batch.dataType, ingestion_timestamp: batch.second, run_id: batch.runId });
      });
      return { ...result, objects: [] };
    },
  };
  const raw = rawSink(lake, options.gzip === true);
  const run = async (stream: Stream): Promise<RunReport> => {
    const clock = { now: () => BEGAN, sleep: async () => undefined };
    const jobStream = { stream, transform: toArtist, sinks: [raw, kinesis], schemaVersion: '1', maxRejected: 1 };
    return runJob({ job: { name: 'daily', streams: [jobStream] }, lake, state, clock, at: AT });
  };
  const reader = (oldest = 0): StreamReader => ({
    sink: 'kinesis',
    uri: 'kinesis://memory',
    oldest: async () => oldest,
    async *read() {
      yield* entries;
    },
  });
  const context = (more: Partial<VerifyContext> = {}): VerifyContext => ({
    idOf: (_type, record) => (typeof record['artist_id'] === 'string' ? record['artist_id'] : undefined),
    rawPrefix: ({ source, data_type }) => `raw/${source}/${data_type}_20241108_020000`,
    stream: reader(),
    now: NOW,
    ...more,
  });
  /** Changes an object by its text. */
  const tamper = async (key: string, change: (text: string) => string): Promise<void> => {
    await lake.put(key, Buffer.from(change(lake.text(key))));
  };
  return { lake, state, entries, run, reader, context, tamper };
}

/** As `@loadin/s3-sink` does it: this project imports no adapter. Three records an object. */
function rawSink(lake: ReturnType<typeof createMemoryObjectStore>, gzip: boolean): Sink {
  return {
    name: 's3_raw',
    limits: { maxRecords: 3, maxBytes: 1_000_000 },
    async write(batch) {
      const { source, dataType: data_type, records, rejected, runId: run_id, sliceOrdinal: slice, part } = batch;
      const counts = { records_processed: records.length + rejected, records_successful: records.length, records_failed: rejected };
      const result = { success: true, source, data_type, ...counts, timestamp: batch.second, run_id, slice, part };
      const content = Buffer.from(`${JSON.stringify({ ingestion_result: result, records: records.map(({ value }) => value) })}\n`);
      const number = slice * 100 + part;
      const suffix = number === 0 ? '' : `_${String(number).padStart(5, '0')}`;
      const key = `raw/${source}/${data_type}_20241108_020000${suffix}.json${gzip ? '.gz' : ''}`;
      const body = gzip ? gzipSync(content) : content;
      await lake.putIfAbsent(key, body);
      const checksum = createHash('md5').update(content).digest('hex');
      const object = { uri: `${lake.uri}/${key}`, bytes: body.byteLength, records: records.length, existed: false, checksum };
      return { acks: records.map(() => ({ status: 'delivered' as const })), objects: [object] };
    },
  };
}

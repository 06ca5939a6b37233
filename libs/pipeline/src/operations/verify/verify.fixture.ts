import {
  createMemoryObjectStore,
  createMemorySink,
  createMemoryStateStore,
  type MemoryObjectStoreOptions,
  type MemoryStateStoreOptions,
} from '@loadin/testing';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  FatalError,
  recordHash,
  RetryableError,
  runJob,
  type Batch,
  type WriteResult,
  type JobStream,
  type BatchRecord,
  type JsonObject,
  type RunReport,
  type Sink,
  type Stream,
} from '../../index.js';
import { toArtist } from '../../runs/list-stream.fixture.js';
import { AT } from '../../runs/run.fixture.js';
import type { StreamEntry, StreamReader, VerifyContext } from './types.js';

const BEGAN = Date.parse('2024-11-08T02:00:05Z');
export const NOW = BEGAN + 3_600_000;

/** A raw sink that puts real objects into a lake in memory, and a stream that can be read back and tampered with. */
export interface VerifyWorldOptions {
  readonly gzip?: boolean;
  /** The job has no other sink than the stream. */
  readonly streamOnly?: boolean;
  /** Records that the stream never takes. */
  readonly refuse?: (id: string) => boolean;
  /** Records that the stream does not take at the moment. */
  readonly busy?: (id: string) => boolean;
  readonly failLake?: MemoryObjectStoreOptions['fail'];
  readonly failState?: MemoryStateStoreOptions['fail'];
}

export function createVerifyWorld(options: VerifyWorldOptions = {}) {
  const lake = createMemoryObjectStore({ fail: options.failLake });
  const state = createMemoryStateStore({ fail: options.failState });
  const entries: StreamEntry[] = [];
  const put = ({ id, value, hash }: BatchRecord, more: JsonObject): void => {
    const data = Buffer.from(JSON.stringify({ ...value, ...more, record_hash: hash }));
    entries.push({ key: id, data, where: `shard-0 ${entries.length}` });
  };
  const memory = createMemorySink({ name: 'kinesis', refuse: ({ id }) => (options.refuse?.(id) ? 'too large' : undefined) });
  const kinesis: Sink = {
    name: 'kinesis',
    limits: memory.limits,
    async write(batch, sinkOptions): Promise<WriteResult> {
      const written = await memory.write({ ...batch, part: memory.calls.length + 1000 }, sinkOptions);
      const acks = written.acks.map((ack, index) => (options.busy?.(batch.records[index]?.id ?? '') ? { status: 'pending' as const } : ack));
      const busy = acks.some(({ status }) => status === 'pending');
      const result: WriteResult = { acks, objects: [], ...(busy && { error: new RetryableError('the stream is throttled') }) };
      batch.records.forEach((record, index) => {
        if (result.acks[index]?.status === 'delivered')
          put(record, { data_type: batch.dataType, ingestion_timestamp: batch.second, run_id: batch.runId });
      });
      return result;
    },
  };
  const raw = rawSink(lake, options.gzip === true);
  const run = async (stream: Stream, transform: JobStream['transform'] = toArtist): Promise<RunReport> => {
    const clock = { now: () => BEGAN, sleep: async () => undefined };
    const jobStream = { stream, transform, sinks: options.streamOnly ? [kinesis] : [raw, kinesis], schemaVersion: '1', maxRejected: 1 };
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
  return { lake, state, entries, raw, kinesis, run, reader, context, tamper };
}

/** As `@loadin/s3-sink` does it: this project imports no adapter. Three records an object. */
function rawSink(lake: ReturnType<typeof createMemoryObjectStore>, gzip: boolean): Sink {
  const objectOf = (batch: Batch) => {
    const { source, dataType: data_type, records, rejected, runId: run_id, sliceOrdinal: slice, part } = batch;
    const counts = { records_processed: records.length + rejected, records_successful: records.length, records_failed: rejected };
    const result = { success: true, source, data_type, ...counts, timestamp: batch.second, run_id, slice, part };
    const content = Buffer.from(`${JSON.stringify({ ingestion_result: result, records: records.map(({ value }) => value) })}\n`);
    const number = slice * 100 + part;
    const suffix = number === 0 ? '' : `_${String(number).padStart(5, '0')}`;
    const key = `raw/${source}/${data_type}_20241108_020000${suffix}.json${gzip ? '.gz' : ''}`;
    return { key, body: gzip ? gzipSync(content) : content, checksum: createHash('md5').update(content).digest('hex') };
  };
  const answer = (batch: Batch, existed: boolean): WriteResult => {
    const { key, body, checksum } = objectOf(batch);
    const object = { uri: `${lake.uri}/${key}`, bytes: body.byteLength, records: batch.records.length, existed, checksum };
    return { acks: batch.records.map(() => ({ status: 'delivered' as const })), objects: [object] };
  };
  return {
    name: 's3_raw',
    limits: { maxRecords: 3, maxBytes: 1_000_000 },
    async write(batch) {
      const { key, body } = objectOf(batch);
      const { created } = await lake.putIfAbsent(key, body);
      if (!created && !body.equals((await lake.get(key)) ?? Buffer.alloc(0))) throw new FatalError('something else is there', { where: key });
      return answer(batch, !created);
    },
    replacing: {
      async parts({ source, dataType, sliceOrdinal }) {
        const parts: number[] = [];
        for await (const { key } of lake.list(`raw/${source}/${dataType}_`)) {
          const number = Number(/_(\d{5})\.json/.exec(key)?.[1] ?? 0);
          if (Math.floor(number / 100) === sliceOrdinal) parts.push(number % 100);
        }
        return parts.sort((a, b) => a - b);
      },
      async compare(batch) {
        const { key, body, checksum } = objectOf(batch);
        const stored = await lake.get(key);
        if (stored === undefined) return { state: 'missing', revision: null, checksum };
        if (body.equals(stored)) return { state: 'identical', revision: '1', checksum };
        const { records } = JSON.parse(Buffer.from(stored).toString()) as { records: JsonObject[] };
        return { state: 'different', revision: '1', checksum, hashes: records.map(recordHash) };
      },
      async replace(batch) {
        const { key, body } = objectOf(batch);
        await lake.put(key, body);
        return answer(batch, false);
      },
    },
  };
}

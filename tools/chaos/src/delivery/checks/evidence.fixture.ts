import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Attempt, Evidence, LakeObject, ServerEvent, Shard, StateVersion, StepName, StreamRecord } from '../evidence.js';

/** Evidence as it is being made: all of it may be changed. */
export type Draft = {
  -readonly [Name in keyof Evidence]: Evidence[Name] extends readonly (infer One)[]
    ? One[]
    : Evidence[Name] extends ReadonlyMap<infer K, infer V>
      ? Map<K, V>
      : Evidence[Name];
};

const md5 = (text: string | Uint8Array): string => createHash('md5').update(text).digest('hex');

export const RUN = '11111111-1111-5111-8111-111111111111';
export const NEXT = '22222222-2222-5222-8222-222222222222';
export const SECRET = 'canary/key+1';
const EVENTS = 'ticketmaster.events';

/** Writes evidence down step by step, as the servers would have seen it. */
export function createDraft() {
  const draft: Draft = {
    ...{ seed: 1, bucket: 'lake', streamName: 'stream', leaseMs: 1_000, secrets: [SECRET] },
    ...{ runs: [], attempts: [], events: [], acts: [], listings: [], versions: [], state: [] },
    lake: new Map(),
    shards: [
      { id: 'shardId-000', parents: [], records: [] },
      { id: 'shardId-001', parents: [], records: [] },
    ],
  };
  let at = 1_000_000;
  let sequence = 0;
  const event = (attempt: string, what: Pick<ServerEvent, 'service' | 'operation'> & Partial<ServerEvent>): ServerEvent => {
    at += 10;
    const number = draft.events.length + 1;
    const made: ServerEvent = { number, at, begun: number - 1, attempt, step: undefined, done: true, status: 200, answered: true, ...what };
    draft.events.push(made);
    return made;
  };
  return {
    draft,
    /** Time goes by. */
    pass: (ms: number): void => void (at += ms),
    event,
    put(attempt: string, key: string, body: Buffer, step: StepName): LakeObject {
      const { number } = event(attempt, { service: 's3', operation: 'PutObject', key, step, md5: md5(body) });
      const object: LakeObject = { key, versionId: `v${number}`, etag: `"${md5(body)}"`, body, event: number, attempt };
      draft.lake.set(key, object);
      draft.versions.push(object);
      return object;
    },
    save(attempt: string, key: string, value: NonNullable<StateVersion['value']>, step: StepName): void {
      const { number } = event(attempt, { service: 'dynamodb', operation: 'PutItem', key, step });
      draft.state.push({ event: number, attempt, key, value });
    },
    send(attempt: string, records: readonly (readonly [key: string, data: string])[], answer: Partial<ServerEvent> = {}): void {
      const sent = records.map(([key]) => ({ key, sequenceNumber: String(++sequence) }));
      const { number } = event(attempt, { service: 'kinesis', operation: 'PutRecords', step: 'records put', records: sent, ...answer });
      records.forEach(([partitionKey, data], index) => {
        const shard = draft.shards[partitionKey.charCodeAt(partitionKey.length - 1) % 2];
        const record: StreamRecord = {
          sequenceNumber: sent[index]?.sequenceNumber ?? '',
          partitionKey,
          data: Buffer.from(data),
          event: number,
          attempt,
        };
        (shard?.records as StreamRecord[]).push(record);
      });
    },
    list(): void {
      const objects = [...draft.lake.values()].map(({ key, body, etag }) => ({ key, size: body?.byteLength ?? 0, etag }));
      draft.listings.push({ from: draft.events.length, until: draft.events.length, at, objects });
    },
  };
}

export type Script = ReturnType<typeof createDraft>;

/** A raw record of the source, as it lands. */
export const rawEvent = (id: string, name: string | null = `Show ${id}`) => ({ id, name });
/** The normalized record, in the order of its fields. */
export const record = (id: string, name = `Show ${id}`): string => JSON.stringify({ concert_id: `ticketmaster_${id}`, name });
/** The hash by a canonical text that is written down here, not computed by the code that is tested. */
const hash = (id: string, name = `Show ${id}`): string => md5(`{"concert_id":"ticketmaster_${id}","name":${JSON.stringify(name)}}`);

export const streamRecord = (id: string, run: string, second: string, name?: string): readonly [string, string] => [
  `ticketmaster_${id}`,
  `${record(id, name).slice(0, -1)},"data_type":"events","ingestion_timestamp":"${second}","record_hash":"${hash(id, name)}","run_id":"${run}"}`,
];

export const landedPages = (
  run: { readonly id: string; readonly job: string; readonly time: string },
  slice: number,
  records: readonly unknown[],
  group = 0,
  last = true,
): Buffer => {
  const header = {
    landing: 2,
    run_id: run.id,
    job: run.job,
    scheduled_time: run.time,
    source: 'ticketmaster',
    stream: EVENTS,
    data_type: 'events',
    slice,
    group,
    pages: 1,
  };
  return gzipSync(`${JSON.stringify(header)}\n${JSON.stringify({ request: 'GET /', position: last ? null : 1, records })}\n`);
};

export const rawBody = (run: string, slice: number, second: string, ids: readonly string[], failed = 0): Buffer => {
  const result = {
    ...{
      success: true,
      source: 'ticketmaster',
      data_type: 'events',
      records_processed: ids.length + failed,
      records_successful: ids.length,
      records_failed: failed,
    },
    ...{ timestamp: second, run_id: run, ingestion_id: 'i', slice, part: 0 },
  };
  return Buffer.from(`{"ingestion_result":${JSON.stringify(result)},"records":[${ids.map((id) => record(id)).join(',')}]}\n`);
};

export const keys = {
  raw: (stamp: string, slice: number): string =>
    `raw/ticketmaster/events/year=2026/month=03/day=01/events_20260301_${stamp}${slice === 0 ? '' : `_${String(slice * 100).padStart(5, '0')}`}.json`,
  landed: (run: string, slice: number, group = 0): string =>
    `landing/ticketmaster/events/date=2026-03-01/run=${run}/slice=0000${slice}/pages-00000${group}.ndjson.gz`,
  letters: (run: string, step: string): string => `dead-letters/ticketmaster/events/date=2026-03-01/run=${run}/slice=00000-${step}.ndjson`,
  progress: (run: string, slice: number): string => `progress/${run}/${EVENTS}/${slice}`,
  checkpoint: (job: string): string => `checkpoint/${job}/${EVENTS}`,
  report: (job: string, run: string): string => `_loadin/reports/${job}/${run}.json`,
} as const;

export const lease = (owner: string | null, generation: number, counter: number) => ({
  lease: { owner, generation, counter, expires_at: '2026-03-01T02:00:01Z' },
});

export const sinks = (raw: number, kinesis: number, dead = 0) => ({
  sinks: {
    s3_raw: { parts: raw > 0 ? 1 : 0, delivered: raw, dead_lettered: 0, objects: [] },
    kinesis: { parts: kinesis > 0 ? 1 : 0, delivered: kinesis, dead_lettered: dead, objects: [] },
  },
});

export function attempt(id: string, job: string, scheduledTime: string, rest: Partial<Attempt>): Attempt {
  const exit = { status: 0, signal: undefined, stdout: '', stderr: 'Starting', ...rest.exit };
  return {
    id,
    kind: 'cli',
    job,
    scheduledTime,
    weather: 'storm',
    from: 0,
    until: 0,
    startedAt: 0,
    endedAt: 0,
    report: undefined,
    killed: undefined,
    pauses: [],
    terminated: undefined,
    ...rest,
    exit,
  };
}

/** The shard that a key's records are in. */
export const shardOf = ({ shards }: Draft, key: string): Shard => shards[key.charCodeAt(key.length - 1) % 2] as Shard;

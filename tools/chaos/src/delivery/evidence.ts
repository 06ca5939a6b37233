import type { JsonObject, RunReport } from '@loadin/pipeline';

/**
 * All that a storm left behind, and all that the servers saw of it. The checks judge it and nothing else. What happened is in one order, the order in which
 * the server had done it: wherever a number of an event stands (`event`, `from`, `until`, `since`), it is `ServerEvent.number`.
 */
export interface Evidence {
  readonly seed: number;
  /** The bucket and the stream that the jobs write to. */
  readonly bucket: string;
  readonly streamName: string;
  /** How long the leases of the attempts lasted. */
  readonly leaseMs: number;
  /** Keys and secrets that may be found nowhere. */
  readonly secrets: readonly string[];
  /** Every run that was asked for, by its job and scheduled time, with what it had to bring. */
  readonly runs: readonly RunTruth[];
  /** Every process that tried one of them, in the order in which they were started. The last ones are calm. */
  readonly attempts: readonly Attempt[];
  /** Every call that changes something, whether it was carried out or not; calls that only read are not kept. */
  readonly events: readonly ServerEvent[];
  /** What the harness itself did to the world (the attempts apart), in order. */
  readonly acts: readonly Act[];
  /** What a reader of the lake saw, over and over while the storm went on, and once after it. */
  readonly listings: readonly Listing[];
  /** What lies in the bucket in the end, by key. */
  readonly lake: ReadonlyMap<string, LakeObject>;
  /** Every state that an object of the bucket ever had (the bucket keeps versions), those of one key in their order: those of `lake` among them. */
  readonly versions: readonly LakeObject[];
  /** The shards, the closed ones too, and what is in them. */
  readonly shards: readonly Shard[];
  /** Every state that an item of the state store ever had, in order: plans of seconds, runs, progress, leases, claims, quotas, checkpoints, their history. */
  readonly state: readonly StateVersion[];
}

/** A run: what a job had to bring for a scheduled time. */
export interface RunTruth {
  readonly job: string;
  /** ISO 8601 UTC. */
  readonly scheduledTime: string;
  /** The sinks of the job: `s3_raw`, `kinesis`. */
  readonly sinks: readonly string[];
  /** The streams of the job in the order of the jobs file. */
  readonly streams: readonly string[];
  /**
   * Normalized ids by stream id (`ticketmaster.events`), sorted, that must have arrived (the spoiled ones: where they can). Empty for every stream when the sources
   * gained and lost records meanwhile: pages shift then, and what a reader meets is its luck; what was landed must be delivered all the same.
   */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** What the sources had, one version after the other: they may change between attempts, and while one reads. What no version has must not have arrived. */
  readonly versions: readonly TruthVersion[];
  readonly spoiled: Spoiled;
}

export interface TruthVersion {
  /** The first event that comes after the change; 0 for the first version. */
  readonly since: number;
  /** Normalized ids by stream id, sorted: everything that the selection reaches, the spoiled ones included. The same ids may have other contents in each version. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** Ids, normalized (`ticketmaster_…`), of events that arrive and can't be delivered everywhere. */
export interface Spoiled {
  /** No transform can make a record of it: a dead letter of stage `transform`, in no sink. */
  readonly malformed: readonly string[];
  /** Too large for a record of a stream: in the raw zone, and a dead letter of stage `sink` for `kinesis`. */
  readonly oversize: readonly string[];
}

/** One process. */
export interface Attempt {
  /** `a1`, `a2` …: the server knows its calls by it, since it is the access key's id. */
  readonly id: string;
  readonly kind: 'cli' | 'lambda';
  readonly job: string;
  readonly scheduledTime: string;
  /** `storm`: something may have been done to it; `calm`: it ran alone and undisturbed, as a scheduler's last retries do. */
  readonly weather: 'storm' | 'calm';
  /** How many events there were when it was started, and when it had ended. */
  readonly from: number;
  readonly until: number;
  /** Milliseconds since the epoch by the harness's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exit: Exit;
  /** What it printed (the command line's `--json`, the function's answer has none); `undefined` when it printed no report. */
  readonly report: RunReport | undefined;
  /** Killed by the harness: SIGKILL, or a function's time-out. */
  readonly killed: Kill | undefined;
  /** Stopped with SIGSTOP and woken with SIGCONT, or kept waiting for an answer, while others went on. */
  readonly pauses: readonly { readonly from: number; readonly until: number }[];
  /** It did not come to its end, and was killed for that. */
  readonly hung?: true;
  /** Asked to end with SIGTERM at this event. */
  readonly terminated: number | undefined;
}

export interface Kill {
  /** The named step that it was killed at; `undefined`: at a random moment. */
  readonly step: StepName | undefined;
  /** Of the step's call: before anything was done, or when it was done and not yet answered. */
  readonly when: 'before' | 'after' | undefined;
  readonly event: number;
}

export interface Exit {
  /** `undefined` when a signal ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run does, as far as the server can tell one thing from another. */
export const STEPS = [
  'run noted',
  'second claimed',
  'plan stored',
  'slices listed',
  'lease taken',
  'lease renewed',
  'lease given back',
  'page landed',
  'ids claimed',
  'raw object put',
  'records put',
  'dead letters put',
  'progress saved',
  'history noted',
  'checkpoint moved',
  'report stored',
  'run log stored',
  'quota noted',
] as const;

/** Besides those, what a run of entities does. */
export const LOAD_STEPS = [
  'upload begun',
  'part sent',
  'sets announced',
  'load committed',
  'object completed',
  'load noted as done',
  'schema stored',
] as const;

/** Comes only where two runs of an entity meet. */
export type RareStep = 'load vetoed';

export type StepName = (typeof STEPS)[number] | (typeof LOAD_STEPS)[number] | RareStep;

/** A call that changes something. */
export interface ServerEvent {
  /** From 1, in the order in which the server had done them (those that it did not do: in which it gave them up). */
  readonly number: number;
  /** How many events there were when the call arrived: what has a lower or the same number was done before the server knew of this call. */
  readonly begun: number;
  /** Milliseconds since the epoch by the harness's clock. */
  readonly at: number;
  readonly attempt: string;
  readonly service: 's3' | 'kinesis' | 'dynamodb';
  readonly operation: string;
  readonly bucket?: string;
  /** The object's key, or the key of the state item. */
  readonly key?: string;
  readonly step: StepName | undefined;
  /** Of a `PutObject`: MD5 of the bytes that it brought, in hex, whether it was carried out or refused. */
  readonly md5?: string;
  /** It was carried out, and is durable. False: refused (a condition that did not hold, a throttle, an error) or never done. */
  readonly done: boolean;
  /** The status that was answered, or would have been. `undefined`: the connection was closed before anything was done. */
  readonly status: number | undefined;
  /** The caller got the answer, as far as the server knows. False with `done`: a lost answer. */
  readonly answered: boolean;
  /** Of `PutRecords`: what became of each record, in the order of the request. */
  readonly records?: readonly SentRecord[];
}

export interface SentRecord {
  readonly key: string;
  /** `undefined`: it was refused (`error`). */
  readonly sequenceNumber?: string;
  readonly error?: string;
}

/** What the harness did to the world. */
export interface Act {
  readonly kind:
    'day moved' | 'records changed' | 'shard split' | 'shards merged' | 'checkpoint damaged' | 'checkpoint restored' | 'disk full' | 'disk freed';
  /** It came after this event. */
  readonly event: number;
  readonly detail: string;
}

/** One complete listing of the bucket, page after page, as any reader makes it. */
export interface Listing {
  /** Events before the first page was asked for, and after the last one had come. */
  readonly from: number;
  readonly until: number;
  readonly at: number;
  readonly objects: readonly { readonly key: string; readonly size: number; readonly etag: string }[];
}

export interface LakeObject {
  readonly key: string;
  /** Of S3. */
  readonly versionId: string;
  readonly etag: string;
  /** As it is stored: compressed objects are compressed. `undefined`: a delete marker. */
  readonly body: Buffer | undefined;
  /** The event that wrote it; `undefined` when the harness did. */
  readonly event: number | undefined;
  readonly attempt: string | undefined;
}

export interface Shard {
  readonly id: string;
  /** The shards that it came from, by a split or a merge. */
  readonly parents: readonly string[];
  /** In their order. */
  readonly records: readonly StreamRecord[];
}

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** The `PutRecords` that brought it, and its place in the request. */
  readonly event: number | undefined;
  readonly attempt: string | undefined;
}

/** One state of an item of the state store, whichever store it is. */
export interface StateVersion {
  /** The event that wrote it; where the harness or an operator did (no attempt), the last one before. */
  readonly event: number;
  readonly attempt: string | undefined;
  /** `progress/…`, `run/…`, `lease/…`, `claimed/…`, `checkpoint/{job}/{stream}` … */
  readonly key: string;
  /** With the field `lease` of a held item. `undefined`: it was deleted. */
  readonly value: JsonObject | undefined;
}

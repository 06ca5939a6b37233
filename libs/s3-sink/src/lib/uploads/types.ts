import type { S3Client } from '@aws-sdk/client-s3';
import type { Logger, Meter } from '@loadin/observability';
import type { JsonObject } from '@loadin/pipeline';
import type { Clock } from '@loadin/resilience';
import type { Verification, VerifyOptions } from '../verify/types.js';
import type { WriteSettings } from '../write-settings.js';

/** Whose output it is. One commit record for each. */
export interface UploadsOf {
  readonly job: string;
  readonly runId: string;
  readonly stream: string;
}

export interface PendingUploadsOptions extends WriteSettings {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: S3Client;
  readonly bucket: string;
  /**
   * Bytes of a part. Default: 8 MiB, the largest buffer worth having for each object that is being written. S3's least is 5 MiB; the parts of very
   * large objects grow, so that 10,000 suffice.
   */
  readonly partBytes?: number;
  /** Parts of an attempt on their way at once, over all its objects. Default: 4: a fast line is full, and 32 MiB are under way. */
  readonly maxPartsInFlight?: number;
  /** Objects that are completed at once. Default: 8: completing costs S3 time and this process nothing. */
  readonly maxCompletionsInFlight?: number;
  /** For the age of commit records and for waits between repetitions. Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of these waits. Default: `Math.random`. */
  readonly random?: () => number;
}

export interface UploadCallOptions {
  /** Cancels. Default: never. */
  readonly signal?: AbortSignal;
  /** Counts `requests`, `retries` and `bytes_written`. Default: none. */
  readonly meter?: Meter;
  /** Is told what was left behind. Default: silent. */
  readonly logger?: Logger;
}

export interface UploadAttemptOptions extends UploadCallOptions {
  /**
   * What `recover` has answered before anything else was done: the attempt may commit in place of this veto. Default: of none, and a veto that stands there keeps it
   * from its commit.
   */
  readonly veto?: string;
}

export interface ObjectOptions {
  /** Default: `application/octet-stream`. */
  readonly contentType?: string;
  /** User metadata (ASCII) beside `run-id` and `stream`; at most 2 KB, as S3 has it. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A guess of the whole size when there is one: then all parts are of one size from the first on. Default: parts grow as the object does. */
  readonly expectedBytes?: number;
  /** What the commit record is to say of this object (counts, hash); asked once its body has ended. Default: nothing. */
  readonly describe?: () => JsonObject;
}

/** A part that lies at S3. Its number is its place in the list, from 1. */
export interface RecordedPart {
  readonly etag: string;
  readonly bytes: number;
  /** Of the part, base64, as S3 has it. */
  readonly sha256: string;
}

/** An object that is uploaded and not yet visible. */
export interface RecordedObject {
  readonly key: string;
  readonly upload_id: string;
  readonly bytes: number;
  /** S3's checksum of the object to be: the SHA-256 of its parts' SHA-256s in base64, `-`, and the number of parts. */
  readonly checksum: string;
  readonly parts: readonly RecordedPart[];
  /** What the writer says of it. */
  readonly details?: JsonObject;
}

/** What `_loadin/commits/{job}/{run id}/{stream}.json` holds: from the moment it is there, these objects are the run's output. */
export interface CommitRecord {
  readonly version: 1;
  readonly job: string;
  readonly run_id: string;
  readonly stream: string;
  /** Names the attempt that committed. */
  readonly attempt: string;
  readonly bucket: string;
  /** Before the first of the uploads was begun, ISO 8601 UTC. S3 may have aborted them 7 days later. */
  readonly started_at: string;
  readonly objects: readonly RecordedObject[];
  /** What the writer says of the whole. */
  readonly details?: JsonObject;
}

/** What `….done.json` holds: all objects of the commit record are visible. */
export interface DoneRecord {
  readonly version: 1;
  readonly job: string;
  readonly run_id: string;
  readonly stream: string;
  readonly attempt: string;
  readonly objects: number;
  readonly bytes: number;
}

export interface Completion {
  readonly objects: number;
  readonly bytes: number;
  /** Objects that somebody had completed before. */
  readonly existed: number;
}

/**
 * `none`: nothing was committed, the work is to be done anew; with `veto`, its ETag, an attempt that is begun with it may still commit ·
 * `done`: everything was visible already · `completed`: it is now
 */
export type Recovery =
  | { readonly state: 'none'; readonly veto?: string }
  | { readonly state: 'done'; readonly done: DoneRecord }
  | ({ readonly state: 'completed'; readonly record: CommitRecord } & Completion);

/** One process's try at the output of a run's stream. */
export interface UploadAttempt {
  /**
   * Streams an object up and leaves it pending: nobody sees it. Resolves when S3 has all of it; on any error its upload is aborted. Objects of one
   * attempt may be written at the same time. Throws `FatalError` for a key that the attempt has written, and what `body` throws, as it is.
   */
  upload(key: string, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options?: ObjectOptions): Promise<RecordedObject>;
  /**
   * Puts the commit record with all objects uploaded so far, unless another attempt has put one: then this attempt's uploads are aborted, and the
   * other's record is the truth. Nothing is visible before this, and nothing may be aborted after it. Throws `VetoedError` when another run has put its
   * veto there meanwhile: then the uploads are aborted, too. When it throws anything else it is not known whether the record is there: call it again, or leave it to a later attempt.
   */
  commit(details?: JsonObject): Promise<{ readonly won: boolean; readonly record: CommitRecord }>;
  /** Gives up what is not committed. Does nothing once a commit was tried, except after one that was lost to another attempt. Resolves to the number of uploads left behind. */
  abort(): Promise<number>;
}

export interface PendingUploads {
  attempt(of: UploadsOf, options?: UploadAttemptOptions): UploadAttempt;
  /** The commit record of a run's stream, if there is one. */
  record(of: UploadsOf): Promise<CommitRecord | undefined>;
  /**
   * Before a run goes on without what another one may be about to commit: no attempt at that one that has begun by now can commit any more. Answers with its commit record when
   * it has done so already; then nothing is changed. A later attempt at it may commit, when it begins with what `recover` answers.
   * @param by the run that goes on, for messages
   */
  veto(of: UploadsOf, by: string, options?: UploadCallOptions): Promise<CommitRecord | undefined>;
  /** Makes all objects of a commit record visible that are not yet, then puts the done record. May be repeated, and run by several at once. */
  complete(record: CommitRecord, options?: UploadCallOptions): Promise<Completion>;
  /** What every attempt begins with: completes what an earlier one has committed. */
  recover(of: UploadsOf, options?: UploadCallOptions): Promise<Recovery>;
  /** Aborts uploads under a prefix that belong to this run and are not in its commit record: what killed attempts have left. Resolves to how many. */
  abortLeftovers(record: CommitRecord, leftovers: Leftovers, options?: UploadCallOptions): Promise<number>;
  /**
   * Reads the objects of a commit record again and rehashes them part by part; names every one that differs or is missing, and with `extras` those that
   * are there without being in the record. Writes nothing, and holds no object in memory. Throws a `LoadinError` when S3 does not answer.
   */
  verify(record: CommitRecord, options?: VerifyOptions & { readonly extras?: Leftovers }): Promise<Verification>;
}

export interface Leftovers {
  /** Where the output lies, e.g. `data/bronze/orders/`. */
  readonly prefix: string;
  /** Whether a key can only be of this run and stream (its name carries the ingestion id). */
  readonly isOurs: (key: string) => boolean;
}

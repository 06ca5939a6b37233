import { createHash } from 'node:crypto';
import { FatalError } from '@loadin/resilience';
import type { CommitRecord, DoneRecord, RecordedObject, RecordedPart, UploadsOf } from './types.js';

/** Where commit records lie. */
export const COMMITS = '_loadin/commits/';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The lifecycle rule of Loadin's buckets aborts uploads that are older; S3 counts from the day on which they were begun. */
const MAX_AGE_DAYS = 7;

/** What a run has committed can't be made visible as a whole any more, by nobody: it is not for want of a permission, or of an answer. */
export class DeadCommitError extends FatalError {}

/** `_loadin/commits/{job}/{run id}/{stream}.json`. Throws `FatalError` for names that can't be a folder. */
export const commitKey = (of: UploadsOf): string => `${folderOf(of)}.json`;

/** `_loadin/commits/{job}/{run id}/{stream}.done.json` */
export const doneKey = (of: UploadsOf): string => `${folderOf(of)}.done.json`;

function folderOf({ job, runId, stream }: UploadsOf): string {
  for (const name of [job, runId, stream]) {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !name.endsWith('.done')) continue;
    throw new FatalError(`"${name}" can't be part of the name of a commit record`, {
      where: `${COMMITS}${job}/${runId}/${stream}.json`,
      hint: 'Use letters, digits, dots, hyphens and underscores, and not ".done" at the end.',
    });
  }
  return `${COMMITS}${job}/${runId}/${stream}`;
}

/** S3's checksum of an object that is made of these parts ("Checking object integrity", Amazon S3 User Guide: composite checksums). */
export function compositeSha256(parts: readonly RecordedPart[]): string {
  const whole = createHash('sha256');
  parts.forEach(({ sha256 }) => whole.update(Buffer.from(sha256, 'base64')));
  return `${whole.digest('base64')}-${parts.length}`;
}

export function doneRecord({ job, run_id, stream, attempt, objects }: CommitRecord): DoneRecord {
  return { version: 1, job, run_id, stream, attempt, objects: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The error for uploads that S3 may have aborted by now; `undefined` while they are young enough. */
export function ageProblem({ started_at }: CommitRecord, now: number, where: string): DeadCommitError | undefined {
  const days = (now - Date.parse(started_at)) / DAY_MS;
  if (days <= MAX_AGE_DAYS) return undefined;
  return new DeadCommitError(
    `The uploads of this commit record are ${Math.floor(days)} days old, and not all completed; S3 aborts them after ${MAX_AGE_DAYS} days`,
    {
      where,
      hint: 'Nothing was changed. Make a new run for the same time (--again), and remove what this one left visible.',
    },
  );
}

/** Stands in the place of a commit record: another run goes on without what attempts at this one have read so far. A later attempt replaces it by its commit. */
export interface Veto {
  readonly version: 1;
  readonly job: string;
  readonly run_id: string;
  readonly stream: string;
  /** The run that goes on. */
  readonly vetoed_by: string;
  /** Another for each veto, so that each has an ETag of its own. */
  readonly id: string;
}

export const encode = (record: CommitRecord | DoneRecord | Veto): Buffer => Buffer.from(`${JSON.stringify(record)}\n`);

/** Reads what stands in the place of a commit record. Throws `DeadCommitError` when it is damaged or of another version. */
export function readCommit(bytes: Uint8Array, where: string): CommitRecord | Veto {
  const record = parse(bytes, where);
  if (record.version === 1 && typeof record.vetoed_by === 'string' && typeof record.id === 'string') return record as unknown as Veto;
  const valid =
    record.version === 1 &&
    [record.job, record.run_id, record.stream, record.attempt, record.bucket].every((value) => typeof value === 'string') &&
    !Number.isNaN(Date.parse(String(record.started_at))) &&
    Array.isArray(record.objects) &&
    record.objects.every(isObject);
  if (!valid) throw damaged(where, 'it does not say what version 1 says');
  return record as unknown as CommitRecord;
}

export function readDoneRecord(bytes: Uint8Array, where: string): DoneRecord {
  const record = parse(bytes, where);
  if (record.version !== 1 || typeof record.attempt !== 'string') throw damaged(where, 'it does not say what version 1 says');
  return record as unknown as DoneRecord;
}

function parse(bytes: Uint8Array, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw damaged(where, 'it is not JSON', cause);
  }
  throw damaged(where, 'it is not a JSON object');
}

/** A record that was cut or edited must not complete something else than what was committed. */
function isObject(value: unknown): value is RecordedObject {
  const { key, upload_id, bytes, checksum, parts } = (value ?? {}) as Partial<RecordedObject>;
  if (typeof key !== 'string' || typeof upload_id !== 'string' || !Array.isArray(parts) || parts.length === 0) return false;
  if (!parts.every((part: RecordedPart) => typeof part?.etag === 'string' && typeof part.sha256 === 'string' && typeof part.bytes === 'number'))
    return false;
  return bytes === parts.reduce((sum: number, part: RecordedPart) => sum + part.bytes, 0) && checksum === compositeSha256(parts);
}

const damaged = (where: string, how: string, cause?: unknown): DeadCommitError =>
  new DeadCommitError(`The record can't be read: ${how}`, {
    where,
    hint: 'Nothing was changed. Bring back an older version of this object, or move it away and make a new run.',
    cause,
  });

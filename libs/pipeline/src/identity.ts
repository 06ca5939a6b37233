import { createHash } from 'node:crypto';

/** Loadin's UUID namespace for runs (itself the UUIDv5 of `loadin` in the DNS namespace of RFC 9562). */
const NAMESPACE = uuidV5('loadin', '6ba7b810-9dad-11d1-80b4-00c04fd430c8');

/** RFC 9562 §5.5: a name-based UUID (SHA-1). */
export function uuidV5(name: string, namespace: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export interface RunIdentity {
  readonly job: string;
  /** The streams when only some of the job's were asked for: another set of streams is another run. */
  readonly only?: readonly string[];
  /** ISO 8601 UTC, whole seconds. */
  readonly scheduledTime: string;
  /** 1, or the number of the repetition that `--again` asked for. */
  readonly repetition: number;
}

/** A run is its scheduled time: whoever starts it, wherever, gets the same id. */
export function runId({ job, only, scheduledTime, repetition }: RunIdentity): string {
  const set = only === undefined ? job : `${job}[${[...only].sort().join(',')}]`;
  const name = repetition === 1 ? `${set}/${scheduledTime}` : `${set}/${scheduledTime}/${repetition}`;
  return uuidV5(name, NAMESPACE);
}

/** The n-th replay of a selection of runs (window, job, streams). */
export const replayId = (selection: readonly unknown[], number: number): string => uuidV5(`replay/${JSON.stringify(selection)}/${number}`, NAMESPACE);

export const ingestionId = (run: string, streamId: string): string => uuidV5(streamId, run);

import { createHash } from 'node:crypto';
import type { Attempt } from '../delivery/evidence.js';
import type { Recorder } from '../delivery/recorder.js';
import type { Commit, Lake, PendingUpload } from './lake.js';
import { ENTITIES } from './tables.js';

/**
 * In the end nothing is pending that no unfinished run owns. Whoever commits, or completes what another has committed, gives up all uploads of that load that were begun before and are
 * not in its commit record. (One that is begun afterwards is that of a process that was fenced and killed: the bucket's lifecycle rule removes it.) Where a call that lists or aborts
 * them failed again and again, that has to be in the log.
 */
export function checkLeftovers(
  { commits, pending }: Pick<Lake, 'commits' | 'pending'>,
  { events }: Pick<Recorder, 'events'>,
  attempts: readonly Pick<Attempt, 'report' | 'exit'>[],
): string[] {
  if (attempts.some(({ exit }) => GIVEN_UP.test(exit.stderr))) return [];
  const complete = attempts.flatMap(({ report }) => (report?.status === 'complete' ? [report.run_id] : []));
  const committedAt = ({ key }: Commit): number =>
    events.filter((event) => event.key === key && event.step === 'load committed' && event.done).at(-1)?.at ?? Infinity;
  const findingsOf = (upload: PendingUpload): string[] => {
    if (!INGESTION_ID.test(upload.key)) return [`${upload.key} is pending, and it can not be told whose it is`];
    const commit = commits.find(({ run_id: run, stream }) => isOf(upload, run, stream));
    if (commit !== undefined)
      return commit.done && upload.begunAt < committedAt(commit) ? [`${upload.key} is pending, and ${commit.key} is done`] : [];
    const run = complete.find((id) => ENTITIES.some((entity) => isOf(upload, id, `postgres.${entity}`)));
    return run === undefined ? [] : [`${upload.key} is pending, and its run ${run} is complete`];
  };
  return pending.flatMap(findingsOf);
}

const INGESTION_ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;

const isOf = ({ key }: PendingUpload, run: string, stream: string): boolean => key.includes(ingestionIdOf(run, stream));

/** What the product says where it had to leave something behind. */
const GIVEN_UP = /could not be looked for; the lifecycle rule|An upload could not be aborted/;

/** UUIDv5 of run id and stream, as the README of the pipeline says it; computed anew. */
export function ingestionIdOf(run: string, stream: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(run.replaceAll('-', ''), 'hex'))
    .update(stream)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

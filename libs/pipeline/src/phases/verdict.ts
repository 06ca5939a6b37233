import type { RunReport, RunStatus } from '../report/report.js';
import type { SliceError } from '../slices/slice-error.js';
import type { FinishedStream } from './finish-streams.js';

/**
 * Stopped when another process is at work on a part of it, because that one goes on; else failed when any stream failed; stopped when any stopped; else complete.
 * A stream that waits for a stopped one does not make it worse.
 */
export function verdict(streams: readonly FinishedStream[], locked: readonly SliceError[]): Pick<RunReport, 'status' | 'reason' | 'resume_after'> {
  const errors = [...streams.flatMap((stream) => stream.errors), ...locked];
  const statuses = new Set<RunStatus | 'not_started'>(streams.map(({ report }) => report.status));
  const elsewhere = errors.filter(({ reason }) => reason === 'lease');
  if (elsewhere.length > 0) return { status: 'stopped', reason: 'lease', ...latest(elsewhere) };
  if (statuses.has('failed') || locked.some(({ action }) => action !== 'stop')) return { status: 'failed' };
  if (!statuses.has('stopped') && !statuses.has('not_started') && locked.length === 0) return { status: 'complete' };
  const stops = errors.filter(({ action }) => action === 'stop');
  return { status: 'stopped', reason: stops[0]?.reason ?? 'deadline', ...latest(stops) };
}

function latest(stops: readonly SliceError[]): Pick<RunReport, 'resume_after'> {
  const after = stops.flatMap(({ resume_after: time }) => time ?? []).sort();
  const last = after.at(-1);
  return last === undefined ? {} : { resume_after: last };
}

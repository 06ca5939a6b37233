import type { Recorder } from '../delivery/recorder.js';
import type { Lake } from './lake.js';

/** By the server's order of events: a load is committed once, nothing of it is completed before, and no checkpoint moves before all of it can be seen. */
export function checkOrder({ events, state }: Pick<Recorder, 'events' | 'state'>, { commits }: Pick<Lake, 'commits'>): string[] {
  const findings: string[] = [];
  const done = events.filter((event) => event.done && (event.status ?? 0) < 300);
  for (const { key, objects, run_id, stream } of commits) {
    // A veto of another run may have stood there before.
    const puts = done.filter((event) => event.key === key && event.operation === 'PutObject' && event.step !== 'load vetoed');
    if (puts.length !== 1) findings.push(`${key} was put ${puts.length} times`);
    const committed = puts[0]?.number ?? Infinity;
    const visible = objects.map(
      (object) => done.find((event) => event.operation === 'CompleteMultipartUpload' && event.key === object.key)?.number ?? Infinity,
    );
    const early = visible.filter((event) => event < committed).length;
    if (early > 0) findings.push(`${early} objects of ${key} could be seen before it was committed`);
    const moved = state.filter(
      ({ key: item, value, attempt }) => attempt !== undefined && item === `checkpoint/bronze/${stream}` && value?.['run_id'] === run_id,
    );
    const ahead = moved.filter(({ event }) => visible.some((seen) => seen > event));
    if (ahead.length > 0) findings.push(`the checkpoint of ${stream} has moved before all of ${key} could be seen`);
  }
  return findings;
}

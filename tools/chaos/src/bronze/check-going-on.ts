import type { Recorder } from '../delivery/recorder.js';
import type { Lake } from './lake.js';

/** Each run goes on after what was committed before it, also by a run that was killed then: all of that can be seen, and what is read begins where it had come to. */
export function checkGoingOn({ events }: Pick<Recorder, 'events'>, { commits, plans }: Pick<Lake, 'commits' | 'plans'>): string[] {
  const putOf = (key: string): number =>
    events.filter((event) => event.key === key && event.operation === 'PutObject' && event.done && (event.status ?? 0) < 300).at(-1)?.number ??
    Infinity;
  const findings = commits.flatMap(({ key, done }) => (done ? [] : [`${key} was committed, and no later run has completed it`]));
  for (const plan of plans.filter(({ full_refresh: everything = false }) => !everything))
    for (const { id, since } of plan.streams) {
      const before = commits.filter(({ key, stream }) => stream === id && putOf(key) < putOf(plan.key));
      const behind = before.filter(({ details }) => timeOf(details?.reached) > timeOf(since));
      if (behind.length > 0)
        findings.push(`${id} of the run ${plan.run_id} was planned from ${since?.[0] ?? 'the beginning'}, and ${behind[0]?.key} has read further`);
    }
  return findings;
}

const timeOf = (cursor: readonly string[] | null | undefined): number => (cursor?.[0] === undefined ? -Infinity : Date.parse(cursor[0]));

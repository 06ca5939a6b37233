import { createDeadline } from '../slices/deadline.js';
import { createSlots } from '../slices/slots.js';
import type { SlicesContext } from '../slices/slices-context.js';
import { runStream, type StreamOutcome } from '../slices/stream-run.js';
import type { BegunRun } from './plan-run.js';
import type { Phase } from './phase-options.js';
import type { PlannedStream } from './planned-streams.js';

export interface SlicesOptions {
  /** Slices of one stream in flight. Default 4: the sources' rate limits are met long before. */
  readonly concurrency?: number;
  /**
   * Slices of all streams in flight. Default 16, or `concurrency` if that is more: a slice holds two page groups of 1 MB, and their batches. A free place goes to the
   * stream with the fewest.
   */
  readonly maxSlices?: number;
  /**
   * Milliseconds that are left for slices. With less than one may need (`Slice.needMs`, or 1.5 times the slowest of its stream so far) no further one is begun,
   * and the run ends with `stopped: deadline`; an attempt always begins at least one. Default: no end.
   */
  readonly deadline?: () => number;
}

/** Works on all slices of a run in this process. Streams run side by side; one that reads what another landed starts after it, and only if that one is complete. */
export async function runSlices(
  begun: Exclude<BegunRun, { report: unknown }>,
  phase: Phase,
  { concurrency = 4, maxSlices = Math.max(16, concurrency), deadline }: SlicesOptions,
): Promise<ReadonlyMap<string, StreamOutcome>> {
  const { lake, state, clock, signal, observe } = phase;
  const context: SlicesContext = {
    plan: begun.plan,
    ...{ lake, state, clock, signal, observe },
    logger: phase.logger.child({ run_id: begun.plan.run_id, attempt: begun.attempt }),
    leases: phase.sliceLeases,
    slots: createSlots({ perStream: concurrency, overall: maxSlices }),
    deadline: createDeadline(deadline),
    fresh: begun.attempt === 1,
  };
  const running = new Map<string, Promise<StreamOutcome | undefined>>();
  const start = ({ jobStream, streamPlan, after, behind }: PlannedStream): Promise<StreamOutcome | undefined> => {
    const known = running.get(streamPlan.id);
    if (known !== undefined) return known;
    const those = (ids: readonly string[]): Promise<(StreamOutcome | undefined)[]> =>
      Promise.all(begun.streams.filter((other) => ids.includes(other.streamPlan.id)).map(start));
    const outcome = Promise.all([those(after), those(behind)]).then(([earlier]) =>
      earlier.every((one) => one?.report.status === 'complete') ? runStream(jobStream, streamPlan, context) : undefined,
    );
    running.set(streamPlan.id, outcome);
    return outcome;
  };
  await Promise.all(begun.streams.map(start));
  const ended = await Promise.all([...running].map(async ([id, outcome]) => [id, await outcome] as const));
  return new Map(ended.flatMap(([id, outcome]) => (outcome === undefined ? [] : [[id, outcome] as const])));
}

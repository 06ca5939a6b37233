import { FatalError } from '@loadin/resilience';
import type { Job, StreamOfJob } from '../job.js';
import type { Plan, StreamPlan } from '../plan/plan.js';

/** A stream of the job with what the run's plan says of it. */
export interface PlannedStream {
  readonly jobStream: StreamOfJob;
  readonly streamPlan: StreamPlan;
  /** Streams of this run that it reads after, by id. */
  readonly after: readonly string[];
  /** Streams of this run that have to have ended before, complete or not. */
  readonly behind: readonly string[];
  /** 0 for one that comes after no other, else one more than the latest that it comes after. */
  readonly wave: number;
}

/** In the order of the job. Throws `FatalError` when the plan does not have one of them. */
export function plannedStreams(job: Job, plan: Plan): PlannedStream[] {
  const ids = new Set(job.streams.map(({ stream }) => stream.id));
  const afterOf = (id: string): string[] =>
    (job.streams.find(({ stream }) => stream.id === id)?.stream.readsAfter ?? []).filter((other) => ids.has(other));
  const behindOf = (id: string): string[] => {
    const found = job.streams.find(({ stream }) => stream.id === id);
    return (found?.loader === undefined ? [] : (found.loadsAfter ?? [])).filter((other) => ids.has(other));
  };
  const waveOf = (id: string): number => Math.max(0, ...[...afterOf(id), ...behindOf(id)].map((other) => 1 + waveOf(other)));
  return job.streams.map((jobStream) => {
    const { id } = jobStream.stream;
    return { jobStream, streamPlan: planOf(plan, id), after: afterOf(id), behind: behindOf(id), wave: waveOf(id) };
  });
}

export function planOf(plan: Plan, streamId: string): StreamPlan {
  const found = plan.streams.find((stream) => stream.id === streamId);
  if (found === undefined) {
    throw new FatalError(`The stored plan of this run has no stream ${streamId}`, {
      hint: 'The jobs file has changed since the run began: take the stream out of it to finish this run, or make a new one (--again, or another time).',
    });
  }
  return found;
}

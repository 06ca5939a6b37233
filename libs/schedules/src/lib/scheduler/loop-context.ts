import type { Logger } from '@loadin/observability';
import type { Clock } from '@loadin/resilience';
import type { SchedulerState, StartRun } from './types.js';

/** What the loop of a job works with. */
export interface LoopContext {
  readonly run: StartRun;
  readonly state: SchedulerState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The longest sleep: a machine that was suspended, or whose clock was set, finds out within a minute. */
export const LONGEST_SLEEP_MS = 60_000;

export const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

export async function sleepUntil(time: number, { clock, signal }: LoopContext): Promise<void> {
  for (let left = time - clock.now(); left > 0; left = time - clock.now()) await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
}

import type { Clock } from '@loadin/resilience';

/** Milliseconds that a slice waited, by what for. What is done ahead while the sinks are at work costs no time. */
export interface SliceTime {
  /** For pages of the source. */
  readonly reading_ms: number;
  /** For pages to be landed, or to be read from the landing zone. */
  readonly landing_ms: number;
  /** For the sinks. */
  readonly delivering_ms: number;
  /** For a loader, which reads and delivers at once. Reports of earlier versions lack it. */
  readonly loading_ms?: number;
  /** For its progress to be saved. */
  readonly progress_ms: number;
  /** For its lease: to take it, to give it back. */
  readonly lease_ms: number;
}

export type TimeName = keyof SliceTime;

export const noTime: Required<SliceTime> = { reading_ms: 0, landing_ms: 0, delivering_ms: 0, loading_ms: 0, progress_ms: 0, lease_ms: 0 };

export function addTimes(times: readonly SliceTime[]): Required<SliceTime> {
  const sum: Record<TimeName, number> = { ...noTime };
  for (const time of times) for (const name of Object.keys(sum) as TimeName[]) sum[name] += time[name] ?? 0;
  return sum;
}

export interface SliceTimer {
  readonly totals: SliceTime;
  spend<Result>(name: TimeName, work: () => Promise<Result>): Promise<Result>;
  /** Waits for what goes on beside: its time counts to whatever is `doing` meanwhile. */
  wait<Result>(work: Promise<Result>): Promise<Result>;
  /** What goes on beside is now of this kind. */
  doing(name: TimeName): void;
}

export function createSliceTimer(clock: Clock): SliceTimer {
  const totals: Record<TimeName, number> = { ...noTime };
  let activity: TimeName = 'reading_ms';
  let waitingSince: number | undefined;
  const account = (): void => {
    const now = clock.now();
    if (waitingSince !== undefined) totals[activity] += Math.max(0, now - waitingSince);
    waitingSince = waitingSince === undefined ? undefined : now;
  };
  return {
    totals,
    async spend(name, work) {
      const began = clock.now();
      try {
        return await work();
      } finally {
        totals[name] += Math.max(0, clock.now() - began);
      }
    },
    async wait(work) {
      waitingSince = clock.now();
      try {
        return await work;
      } finally {
        account();
        waitingSince = undefined;
      }
    },
    doing(name) {
      account();
      activity = name;
    },
  };
}

import { StopError } from '@loadin/resilience';
import type { Slice } from '../ports/stream.js';

/** Whether there is time for one more slice. */
export interface Deadline {
  /** Throws `StopError` (reason `deadline`) when less time is left than the slice may need. An attempt always begins one: or it would never get anywhere. */
  begin(stream: string, slice: Slice): void;
  /** Tells how long a slice took, in milliseconds. */
  took(stream: string, durationMs: number): void;
}

/** Slices of a stream differ; half as much again as the slowest is enough for nearly all. */
const MARGIN = 1.5;

/** `left` gives milliseconds; `undefined`: there is no end. */
export function createDeadline(left: (() => number) | undefined): Deadline {
  const slowest = new Map<string, number>();
  let begun = false;
  return {
    begin(stream, slice) {
      const need = Math.max(slice.needMs ?? 0, MARGIN * (slowest.get(stream) ?? 0));
      const time = left?.() ?? Infinity;
      if (begun && (time <= 0 || time < need)) throw tooLate(slice, need, time);
      begun = true;
    },
    took(stream, durationMs) {
      slowest.set(stream, Math.max(slowest.get(stream) ?? 0, durationMs));
    },
  };
}

const seconds = (ms: number): string => `${Math.max(0, ms / 1000).toFixed(1)} s`;

const tooLate = ({ name }: Slice, need: number, time: number): StopError =>
  new StopError(`${name} was not begun: it may take ${seconds(need)}, and ${seconds(time)} are left`, { reason: 'deadline' });

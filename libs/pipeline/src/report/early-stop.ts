import { actionOf, type StopReason } from '@loadin/resilience';
import { sliceErrorOf } from '../slices/slice-error.js';

/** What is to be said of a run, or a phase of it, that was stopped before there was anything to report. */
export interface EarlyStop {
  readonly status: 'stopped';
  readonly reason: StopReason;
  /** ISO 8601 UTC, if that is known. */
  readonly resume_after?: string;
  /** One line: who or what is in the way, and what to do. Empty when somebody asked for the stop. */
  readonly problems: readonly string[];
}

/** Of what planning and the phases throw; `undefined` for what is no stop. */
export function earlyStop(error: unknown): EarlyStop | undefined {
  if (actionOf(error) !== 'stop') return undefined;
  const { reason = 'lease', resume_after, message, where, hint } = sliceErrorOf(error);
  const line = [message, where, hint].filter((part) => part !== undefined).join(' · ');
  return {
    status: 'stopped',
    reason,
    ...(resume_after !== undefined && { resume_after }),
    problems: reason === 'cancelled' ? [] : [line.replaceAll(/\s*\n\s*/g, ' ')],
  };
}

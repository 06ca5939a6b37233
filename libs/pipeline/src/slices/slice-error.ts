import { actionOf, LoadinError, StopError, type StopReason } from '@loadin/resilience';
import type { ReportedError } from '../report/report.js';

/** Why a slice ended early, as it is kept with its progress: whoever finishes the run, on whatever machine, reads it there. */
export interface SliceError extends ReportedError {
  /** Given exactly for `action: 'stop'`. */
  readonly reason?: StopReason;
  /** ISO 8601 UTC. */
  readonly resume_after?: string;
}

/** Characters of a text that are kept: a state item has to take them, and nobody reads more. A service may answer with a page of HTML. */
const LONGEST = 2_000;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function sliceErrorOf(error: unknown): SliceError {
  if (!(error instanceof Error)) return { name: 'Error', action: 'fatal', unexpected: true, message: shortened(String(error)) };
  const { name } = error;
  const message = shortened(error.message);
  if (!(error instanceof LoadinError)) return { name, action: 'fatal', unexpected: true, message };
  const { action, where, hint } = error;
  const plain = { name, action, message, ...(where !== undefined && { where }), ...(hint !== undefined && { hint }) };
  return action === 'stop' ? { ...plain, ...stopOf(error) } : plain;
}

/** What stops and is no `StopError` is a conflict with another copy. */
function stopOf(error: LoadinError): Pick<SliceError, 'reason' | 'resume_after'> {
  if (!(error instanceof StopError)) return { reason: 'lease' };
  return { reason: error.reason, ...(error.resumeAfter !== undefined && { resume_after: error.resumeAfter }) };
}

/** Without what the report says once for the whole run. */
export function reportedError(error: SliceError): ReportedError {
  const { name, action, unexpected, message, where, hint } = error;
  return { name, action, ...(unexpected && { unexpected }), message, ...(where !== undefined && { where }), ...(hint !== undefined && { hint }) };
}

/** What a report says of an error among its problems: which object it was, where the message does not say so. */
export const problemOf = ({ message, where }: ReportedError): string =>
  where?.startsWith('s3://') && !message.includes(where) ? `${message} (${where})` : message;

/** The first of those that matter most: what must be mended before what goes on by itself. */
export function worstOf(errors: readonly SliceError[]): SliceError | undefined {
  return errors.find(({ action }) => action !== 'stop') ?? errors.find(({ reason }) => reason === 'lease') ?? errors[0];
}

/** A stop that somebody asked for is no error, nor is that time is over; one that a source asks for is worth a look. */
export const severityOf = ({ action, reason }: SliceError): 'error' | 'warn' | 'info' =>
  action !== 'stop' ? 'error' : reason === 'cancelled' || reason === 'deadline' ? 'info' : 'warn';

/** The stack of an error that nobody foresaw belongs in the log (and nowhere else): it is a bug to report. */
export const detailsOf = (error: unknown): Record<string, unknown> =>
  error instanceof LoadinError ? { hint: error.hint } : { stack: error instanceof Error ? error.stack : undefined };

/** Whoever aborts may say why (`deadline`); otherwise somebody pressed Ctrl-C. */
export const stopReason = (signal: AbortSignal): StopError =>
  signal.reason instanceof StopError ? signal.reason : new StopError('the run was cancelled', { reason: 'cancelled' });

/** Of two errors that came at once the one to report. */
export const worseOf = (errors: readonly unknown[]): unknown => errors.find((error) => actionOf(error) !== 'stop') ?? errors[0];

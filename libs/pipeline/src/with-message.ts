import { FatalError, LoadinError, RetryableError, SkippableError, StopError } from '@loadin/resilience';

/** The same to whoever goes by it, with another text; the error itself is its cause. */
export function withMessage(error: unknown, message: string): Error {
  if (!(error instanceof LoadinError)) return new Error(message, { cause: error });
  const { where, hint, action } = error;
  const details = { cause: error, ...(where !== undefined && { where }), ...(hint !== undefined && { hint }) };
  if (error instanceof StopError)
    return new StopError(message, { ...details, reason: error.reason, ...(error.resumeAfter !== undefined && { resumeAfter: error.resumeAfter }) });
  // What stops and is no `StopError` is a conflict with another copy.
  if (action === 'stop') return new StopError(message, { ...details, reason: 'lease' });
  if (action === 'retry') return new RetryableError(message, details);
  return action === 'skip' ? new SkippableError(message, details) : new FatalError(message, details);
}

/** Of an error and what failed while it was handled: counts as the worse of them, and tells both. */
export function bothTold(first: unknown, second: unknown, what: string): Error {
  const [one, other] = [first, second].map((error) => (error instanceof Error ? error.message : String(error)));
  const stops = first instanceof LoadinError && first.action === 'stop' && !(second instanceof LoadinError && second.action === 'stop');
  return withMessage(stops ? second : first, `${one}; and ${what}: ${other}`);
}

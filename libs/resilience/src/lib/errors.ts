/**
 * What to do about an error; every error of Loadin says it.
 * - `fatal`: configuration or credentials; a retry changes nothing
 * - `retry`: transient; worth another try within the budget
 * - `skip`: this record can't be delivered; it goes to the dead-letter store
 * - `stop`: the run ends resumably (quota, deadline, lease, cancelled)
 */
export type ErrorAction = 'fatal' | 'retry' | 'skip' | 'stop';

export interface LoadinErrorDetails {
  /** Where it happened: a stream, an object, a setting, an endpoint without its query. */
  readonly where?: string;
  /** What the reader can do about it, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base of all errors that Loadin throws on purpose. Messages are for users: one line, no secret. */
export abstract class LoadinError extends Error {
  abstract readonly action: ErrorAction;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, details: LoadinErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.where = details.where;
    this.hint = details.hint;
  }
}

/** Nothing but a change by the user helps: configuration, credentials, a missing bucket. */
export class FatalError extends LoadinError {
  readonly action = 'fatal';
}

/** Transient; thrown after the budget of retries is spent, so that the caller can decide to try the slice later. */
export class RetryableError extends LoadinError {
  readonly action = 'retry';
}

/** One record can't be delivered as it is. */
export class SkippableError extends LoadinError {
  readonly action = 'skip';
}

export type StopReason = 'deadline' | 'quota' | 'cancelled' | 'lease';

/** The run ends here and can be resumed; `resumeAfter` is an ISO instant when that is known. */
export class StopError extends LoadinError {
  readonly action = 'stop';
  readonly reason: StopReason;
  readonly resumeAfter: string | undefined;

  constructor(message: string, details: LoadinErrorDetails & { reason: StopReason; resumeAfter?: string }) {
    super(message, details);
    this.reason = details.reason;
    this.resumeAfter = details.resumeAfter;
  }
}

/** The action of any thrown value: errors that are not Loadin's are bugs or unknown failures and count as fatal. */
export function actionOf(error: unknown): ErrorAction {
  return error instanceof LoadinError ? error.action : 'fatal';
}

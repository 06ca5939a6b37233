import { ConfigurationError, JobsFileError } from '@loadin/config';
import { LoadinError } from '@loadin/resilience';
import { EXIT } from './exit-status.js';

/** An error as one screen of text: what, where, what to do. A stack is shown only when `verbose` asks for it, and only of an error that is a bug. */
export function errorText(error: unknown, verbose = false): string {
  // Settings and the jobs file: everything that is wrong with them, at most a screen.
  if (error instanceof ConfigurationError || error instanceof JobsFileError)
    return error.hint === undefined ? error.report : `${error.report}\n  →   ${error.hint}`;
  if (error instanceof LoadinError) {
    return [
      error.message,
      ...(error.where === undefined ? [] : [`  at  ${error.where}`]),
      ...(error.hint === undefined ? [] : [`  →   ${error.hint}`]),
    ].join('\n');
  }
  const stack = error instanceof Error && verbose ? error.stack : undefined;
  const message = stack ?? (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return `Unexpected error: ${message}\n  →   Please report it, with the same command and --verbose.`;
}

/** Errors that reach a command came before the first page was read; what happens later is in the report. */
export function exitStatusOfError(error: unknown): number {
  if (!(error instanceof LoadinError)) return EXIT.failed;
  return { fatal: EXIT.usage, stop: EXIT.stopped, retry: EXIT.failed, skip: EXIT.failed }[error.action];
}

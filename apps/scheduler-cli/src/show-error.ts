import { LoadinError } from '@loadin/resilience';
import { EXIT } from './exit-status.js';

/** An error as one screen of text: what, where, what to do; never a stack. */
export function errorText(error: unknown): string {
  if (error instanceof LoadinError) {
    return [error.message, ...(error.where === undefined ? [] : [`  at  ${error.where}`]), ...(error.hint === undefined ? [] : [`  →   ${error.hint}`])].join('\n');
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Unexpected error: ${message}\n  →   Please report it, with the same command and --verbose.`;
}

/** Errors that reach a command came before the first page was read; what happens later is in the report. */
export function exitStatusOfError(error: unknown): number {
  if (!(error instanceof LoadinError)) return EXIT.failed;
  return { fatal: EXIT.usage, stop: EXIT.stopped, retry: EXIT.failed, skip: EXIT.failed }[error.action];
}

import { ConfigurationError, JobsFileError } from '@loadin/config';
import { LoadinError } from '@loadin/resilience';
import { EXIT } from './exit-status.js';

/** An error as one screen of text: what, where, what to do. A stack is shown only when `verbose` asks for it, and only of an error that is a bug. */
export function errorText(error: unknown, verbose = false): string {
  // Settings and the jobs file: everything that is wrong with them, at most a screen.
  if (error instanceof ConfigurationError || error instanceof JobsFileError)
    return [error.report, ...[error.hint, missingSettingsHint(error.report)].filter((hint) => hint !== undefined).map(advice)].join('\n');
  if (error instanceof LoadinError) {
    return [
      error.message,
      ...(error.where === undefined ? [] : [`  at ${error.where}`]),
      ...(error.hint === undefined ? [] : [advice(error.hint)]),
    ].join('\n');
  }
  const stack = error instanceof Error && verbose ? error.stack : undefined;
  const message = stack ?? (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return `Unexpected error: ${message}\n${advice('Please report it, with the same command and --verbose.')}`;
}

const advice = (text: string): string => `  → ${text}`;

/** Whoever has no setting yet may not know that none is needed to try it; `undefined` for a report in which no setting is missing. */
export const missingSettingsHint = (report: string): string | undefined =>
  /^ {2}[A-Z0-9_]+ is missing\b/m.test(report) ? 'or use the local stack: eval "$(npx loadin local up)"; all settings: docs/settings.md' : undefined;

/** Errors that reach a command came before the first page was read; what happens later is in the report. */
export function exitStatusOfError(error: unknown): number {
  if (!(error instanceof LoadinError)) return EXIT.failed;
  return { fatal: EXIT.usage, stop: EXIT.stopped, retry: EXIT.failed, skip: EXIT.failed }[error.action];
}

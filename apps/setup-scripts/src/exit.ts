import { ConfigurationError, JobsFileError } from '@loadin/config';
import { EnvironmentsFileError } from '@loadin/infrastructure';
import { LoadinError } from '@loadin/resilience';

/** What the shell is told; scripts rely on these. */
export const EXIT = {
  ok: 0,
  /** Something is missing or not as wanted, or a call failed. */
  failed: 1,
  /** Wrong usage or settings; nothing was called. */
  usage: 2,
} as const;

/** An error as one screen: what, where, what to do; never a stack. */
export function errorText(error: unknown): string {
  if (error instanceof ConfigurationError) return `${error.report}\n  → ${error.hint}`;
  if (error instanceof JobsFileError) return error.report;
  if (error instanceof LoadinError) {
    const { message, where, hint } = error;
    return [`Error: ${message}`, ...(where === undefined ? [] : [`  at ${where}`]), ...(hint === undefined ? [] : [`  → ${hint}`])].join('\n');
  }
  return `Unexpected error: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n  → Please report it, with the command you gave.`;
}

export const exitStatusOf = (error: unknown): number =>
  error instanceof ConfigurationError || error instanceof JobsFileError || error instanceof EnvironmentsFileError ? EXIT.usage : EXIT.failed;

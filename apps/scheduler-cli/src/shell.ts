import type { Output } from './output.js';

/** What the commands need from the process; a test gives its own. */
export interface Shell {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `.env`, the jobs file and `.loadin` are looked for. */
  readonly cwd: string;
  /** Aborted by Ctrl-C and SIGTERM, with a `StopError` as reason. */
  readonly signal: AbortSignal;
  /** Where the thread lies that encodes. */
  readonly threadFile: URL;
}

import { StopError } from '@loadin/resilience';
import { EXIT } from './exit-status.js';
import { processOutput } from './output.js';
import { runProgram } from './program.js';

/** One Ctrl-C below npx arrives twice: from the terminal and, forwarded, from npx. What comes so soon is no second wish. */
const SAME_SIGNAL_MS = 300;

const controller = new AbortController();
let stoppedAt = 0;
const stop = (): void => {
  if (controller.signal.aborted) {
    if (performance.now() - stoppedAt >= SAME_SIGNAL_MS) process.exit(130);
    return;
  }
  stoppedAt = performance.now();
  // The terminal has written `^C` where the cursor was.
  const clear = process.stderr.isTTY ? '\r\u001b[2K' : '';
  process.stderr.write(`${clear}Stopping after the batch under way … (once more ends at once)\n`);
  controller.abort(new StopError('the run was cancelled', { reason: 'cancelled' }));
};
process.on('SIGINT', stop).on('SIGTERM', stop);
// Whoever reads the output may have seen enough (`loadin state show | head -1`): that is no error.
let unwritten = false;
// Nor is it one when nobody listens any more: a run whose scheduler, terminal or log is gone ends its work, and its own log lies in the lake.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || unwritten) return;
  unwritten = true;
  process.stderr.write(
    `Error: the output can't be written: ${error.message}\n  → Give it a place with room. Nothing is undone: the report of a run is shown by: loadin runs show\n`,
  );
  process.exitCode = EXIT.failed;
});

const status = await runProgram(process.argv.slice(2), {
  output: processOutput,
  env: process.env,
  cwd: process.cwd(),
  signal: controller.signal,
  threadFile: new URL('./encoder-thread.mjs', import.meta.url),
});
if (!unwritten) process.exitCode = status;

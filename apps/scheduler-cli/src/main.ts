import { StopError } from '@loadin/resilience';
import { processOutput } from './output.js';
import { runProgram } from './program.js';

const controller = new AbortController();
const stop = (signal: string): void => {
  if (controller.signal.aborted) process.exit(130);
  process.stderr.write(`\n${signal}: finishing the batch under way; press again to end at once\n`);
  controller.abort(new StopError('the run was cancelled', { reason: 'cancelled' }));
};
process.on('SIGINT', () => stop('Interrupted')).on('SIGTERM', () => stop('Terminated'));
// Whoever reads the output may have seen enough (`loadin state show | head -1`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), {
  output: processOutput,
  env: process.env,
  cwd: process.cwd(),
  signal: controller.signal,
});

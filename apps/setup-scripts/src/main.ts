import { processOutput } from './output.js';
import { runProgram } from './program.js';

/** The first Ctrl-C ends it in order, the second the process. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return stop.signal;
}

process.exitCode = await runProgram(process.argv.slice(2), { output: processOutput, env: process.env, cwd: process.cwd(), interruption });

import { processOutput } from './output.js';
import { runProgram } from './program.js';

// The first Ctrl-C ends what follows a stream in order, the second the process.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

process.exitCode = await runProgram(process.argv.slice(2), { output: processOutput, env: process.env, cwd: process.cwd(), signal: stop.signal });

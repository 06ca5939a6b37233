import { readArguments, USAGE, type Arguments } from './arguments.js';
import { demo } from './demo.js';
import { firstRealRun } from './real.js';
import { serve } from './serve.js';

try {
  process.exitCode = await perform(readArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Gives the exit status. */
async function perform(wanted: Arguments | undefined): Promise<number> {
  if (wanted === undefined || wanted.command === 'help') {
    (wanted === undefined ? process.stderr : process.stdout).write(`${USAGE}\n`);
    return wanted === undefined ? 2 : 0;
  }
  const { command, dir, real } = wanted;
  if (command === 'demo') return real ? await firstRealRun() : await demo(dir);
  await serve(dir);
  return 0;
}

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demo } from './demo.js';
import { firstRealRun } from './real.js';
import { serve } from './serve.js';
import { workspaceRoot } from './workspace.js';

// `serve`: the background process of `loadin local up`. `demo`: what `npm start` runs.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: 'string', default: join(workspaceRoot, '.loadin') }, real: { type: 'boolean', default: false } },
});
const [command] = positionals;
try {
  if (command === 'serve') await serve(values.dir);
  else if (command === 'demo') process.exitCode = values.real ? await firstRealRun() : await demo(values.dir);
  else throw new Error('Usage: local-stack serve|demo [--dir FOLDER] [--real]');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

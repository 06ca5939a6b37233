// npm start: installs and builds what is missing, then runs the daily job on the local stack (or, with --real, on the real services).
import { build, ensureInstalled, node, root, run, say } from './workspace.mjs';
import { join } from 'node:path';

const args = process.argv.slice(2);
const usage = 'Usage: npm start [-- --real]   (without it on this machine alone; with --real on the real services, with the settings of .env)';
if (args.includes('--help')) {
  console.log(usage);
  process.exit(0);
}
if (args.some((arg) => arg !== '--real')) {
  say(usage);
  process.exit(2);
}

await ensureInstalled();
say('Building what has changed …');
await build(['apps/scheduler-cli', 'apps/setup-scripts', 'apps/kinesis-consumer']);
process.exitCode = await run(node, [join(root, 'tools/local-stack/dist/main.js'), 'demo', ...args], { check: false });

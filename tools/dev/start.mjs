// npm start: installs and builds what is missing, then runs the daily job on the local stack (or, with --real, on the real services).
import { build, ensureInstalled, node, root, run, say } from './workspace.mjs';
import { join } from 'node:path';

await ensureInstalled();
say('Building what has changed …');
await build(['apps/scheduler-cli', 'apps/setup-scripts', 'apps/kinesis-consumer']);
process.exitCode = await run(node, [join(root, 'tools/local-stack/dist/main.js'), 'demo', ...process.argv.slice(2)], { check: false });

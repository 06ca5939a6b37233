// npm run chaos [-- SUITE] [--seeds N | --seed N]: installs and compiles what is missing, then runs the suites.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, node, run, say } from '../../dev/workspace.mjs';

const tool = resolve(dirname(fileURLToPath(import.meta.url)), '..');

await ensureInstalled();
say('Compiling what has changed …');
await run(node, [resolve(tool, '../../node_modules/typescript/bin/tsc'), '--build', join(tool, 'tsconfig.lib.json')], { quiet: true });
process.exitCode = await run(node, [join(tool, 'dist/main.js'), ...process.argv.slice(2)], { check: false });

// npm run chaos [-- SUITE …] [--seeds N | --seed N | --minutes M]: installs, compiles and bundles what is missing, then runs the suites.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, ensureInstalled, node, run, say } from '../../dev/workspace.mjs';

const tool = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);

await ensureInstalled();
say('Compiling what has changed …');
await run(node, [resolve(tool, '../../node_modules/typescript/bin/tsc'), '--build', join(tool, 'tsconfig.lib.json')], { quiet: true });
const { suitesOf } = await import(pathToFileURL(join(tool, 'dist/command.js')).href);
const apps = [...new Set(suitesOf(args).flatMap(({ needs = [] }) => needs))];
if (apps.length > 0) {
  say(`Building ${apps.join(' and ')} …`);
  await build(apps);
}
process.exitCode = await run(node, [join(tool, 'dist/main.js'), ...args], { check: false });

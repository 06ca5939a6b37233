// npm run demo:bronze: installs and builds what is missing, then brings a shop in Postgres into Parquet on this machine: in full, by changes, after a crash.
import { build, ensureInstalled, node, root, run, say } from './workspace.mjs';
import { join } from 'node:path';

const args = process.argv.slice(2);
await ensureInstalled();
if (!args.includes('--query') && !args.includes('--help')) say('Building what has changed …');
await build(['apps/scheduler-cli']);
process.exitCode = await run(node, [join(root, 'tools/shop/dist/demo/main.js'), ...args], { check: false });

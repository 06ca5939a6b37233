// npm run test:apps, npm run test:fresh-clone: specifications that take too long for `npm test`. The first argument is their Jest configuration; the others go to Jest.
import { build, ensureInstalled, node, root, run } from './workspace.mjs';
import { join } from 'node:path';

const [, , config, ...args] = process.argv;
await ensureInstalled();
await build();
process.exitCode = await run(node, [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(root, config), ...args], { check: false });

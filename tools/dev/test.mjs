// npm test: installs and builds what is missing, then runs every specification of the workspace but those of the built apps and of a fresh clone. Arguments go to Jest.
import { build, ensureInstalled, node, root, run, say } from './workspace.mjs';
import { join } from 'node:path';

await ensureInstalled();
say('Building what has changed …');
await build();
process.exitCode = await run(
  node,
  [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(root, 'jest.config.js'), ...process.argv.slice(2)],
  { check: false },
);

// npm run test:fresh-clone: installs and builds a copy of this checkout, as a newcomer does. Arguments go to Jest.
import { ensureInstalled, node, root, run } from './workspace.mjs';
import { join } from 'node:path';

await ensureInstalled();
const config = join(root, 'apps/scheduler-cli/fresh-clone.jest.config.js');
process.exitCode = await run(node, [join(root, 'node_modules/jest/bin/jest.js'), '--config', config, ...process.argv.slice(2)], { check: false });

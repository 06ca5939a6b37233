// npm run clean: forgets the local stack's state and everything that was built. Installed packages stay.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './workspace.mjs';

const running = join(root, '.loadin/stack.json');
if (existsSync(running) && isAlive(JSON.parse(readFileSync(running, 'utf8')).pid)) {
  say('The local stack is running. Stop it first: npx loadin local down');
  process.exit(1);
}
const projects = ['apps', 'examples', 'libs', 'tools'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(root, kind, name)));
const built = projects.flatMap((project) => ['dist', 'out-tsc', 'coverage'].map((folder) => join(project, folder)));
for (const path of [...built, join(root, '.nx'), join(root, '.loadin')]) rmSync(path, { recursive: true, force: true });
say('Removed the local state (.loadin) and all build output.');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

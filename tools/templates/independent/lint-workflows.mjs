import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../local-aws/independent/processes.mjs';

const VERSION = 'v1.7.12';

/** Built from its Go module: actionlint has no package that does not download a binary from elsewhere. */
export async function lintWorkflows({ root, cache }) {
  const home = join(cache, `actionlint-${VERSION}`);
  const command = join(home, 'actionlint');
  if (!existsSync(command))
    await run('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`], { env: { ...process.env, GOBIN: home } });
  const workflows = join(root, '.github/workflows');
  const files = readdirSync(workflows).filter((name) => /\.ya?ml$/.test(name));
  await run(command, ['-no-color', '-shellcheck=', '-pyflakes=', ...files.map((name) => join(workflows, name))]);
  return files;
}

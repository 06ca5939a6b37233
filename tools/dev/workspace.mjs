// What every top-level command needs before anything of the workspace can be imported: plain Node (>= 20.19), no dependency.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = join(root, 'node_modules', '.bin');
/** The pinned Node 24, the runtime of Lambda's nodejs24.x; whatever Node started `npm` only starts this one. */
export const node = join(bin, 'node');

const stamp = join(root, 'node_modules', '.loadin-installed');
const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** Installs the locked dependencies when they are missing or the lock file has changed since. */
export async function ensureInstalled() {
  const lock = wanted();
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the locked dependencies (once; about a minute) …');
  await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    quiet: true,
    hint: 'The dependencies could not be installed; what npm says is above. Run the same command again when that is mended: npm must reach its registry.',
  });
  if (!existsSync(node))
    fail(
      'npm ci has not installed the pinned Node: its install script was blocked.',
      'Check that package.json still has "allowScripts": { "node": true }, and run the command again.',
    );
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/**
 * Compiles the libs and tools, then bundles the apps: what `nx run-many -t build` does, in one compiler process, which takes a third of the time in
 * a fresh clone. What is unchanged is not compiled again.
 */
export async function build(apps = folders('apps')) {
  const configs = [...folders('libs'), ...folders('tools')]
    .map((folder) => join(folder, 'tsconfig.lib.json'))
    .filter((file) => existsSync(join(root, file)));
  await run(node, [join(root, 'node_modules/typescript/bin/tsc'), '--build', ...configs], { quiet: true });
  await Promise.all(apps.map((app) => run(node, [join(root, 'tools/nx/src/build-app.mjs'), app], { quiet: true })));
}

const folders = (kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`);

/**
 * Runs a command at the workspace's root with the pinned Node first on the PATH. Ends this process with the command's status when that fails, after
 * its output and the hint.
 */
export async function run(command, args, { quiet = false, env = process.env, check = true, hint } = {}) {
  const environment = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', ...env, PATH: `${bin}:${env.PATH ?? ''}` };
  const child = spawn(command, args, { cwd: root, env: environment, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  // A Ctrl-C reaches the child by itself (same process group); a SIGTERM to this process does not.
  const forward = () => child.kill('SIGTERM');
  process.once('SIGTERM', forward);
  const status = await new Promise((done, failed) => child.on('error', failed).on('close', (code, signal) => done(code ?? (signal ? 1 : 0))));
  process.removeListener('SIGTERM', forward);
  if (status !== 0 && check) {
    process.stderr.write(Buffer.concat(output));
    if (hint !== undefined) say(hint);
    process.exit(status);
  }
  return status;
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(problem, hint) {
  say(`${problem}\n${hint}`);
  process.exit(1);
}

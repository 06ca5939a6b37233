import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const children = new Set();

// Whatever ends this script, its servers end with it.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** What every child gets: dummy keys, and no look for real ones on the network. */
export const dummyEnvironment = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'independent',
  AWS_SECRET_ACCESS_KEY: 'independent',
  AWS_DEFAULT_REGION: 'us-east-1',
};

/** Runs a command to its end; the error of one that fails says what it printed. */
export async function run(command, args, options = {}) {
  try {
    await promisify(execFile)(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`${command} is needed and was not found.`);
    throw new Error(`${command} ${args.join(' ')} failed:\n${(error.stdout + error.stderr).trim().split('\n').slice(-15).join('\n')}`);
  }
}

/** Starts a server that stays until `stop`, and resolves when its port answers. */
export async function serve(name, command, args, port) {
  const child = spawn(command, args, { env: { ...process.env, ...dummyEnvironment }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let printed = '';
  let ended = false;
  const keep = (chunk) => (printed = (printed + chunk).slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(error.message));
  const end = new Promise((resolve) => child.on('close', resolve)).then(() => (ended = true));
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 60_000; ;) {
    if (ended || Date.now() > deadline) throw new Error(`${name} did not start:\n${printed}`);
    if (await answers(url)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await end;
      children.delete(child);
    },
  };
}

const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );

/** A port that was free a moment ago: these servers can't be told to choose one and say which. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

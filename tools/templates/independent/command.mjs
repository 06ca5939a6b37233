import { spawn } from 'node:child_process';

const children = new Set();
// Whatever ends this script: what it has started, and what that has started, ends with it.
process.on('exit', () => children.forEach((child) => endAll(child)));

/** Runs a command to its end. @returns {Promise<string>} what it printed; with `all`, what it complained of, too @throws with the last lines of that */
export async function printed(title, command, args, { all: whole = false, ...options } = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  children.add(child);
  let [stdout, all] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => ((stdout += text), (all += text)));
  child.stderr.setEncoding('utf8').on('data', (text) => (all += text));
  try {
    const status = await new Promise((done, failed) => child.on('error', failed).on('close', done));
    if (status === 0) return whole ? all : stdout;
    throw new Error(`${title}: ${all.trim().split('\n').slice(-25).join('\n')}`);
  } finally {
    children.delete(child);
  }
}

function endAll({ pid }) {
  try {
    // The whole group: the CDK starts processes of its own.
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

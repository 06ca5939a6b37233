import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The server in a process of its own, so that it can be killed, and its memory and files limited. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it wrote to standard error. */
  stderr(): string;
  /** Ends it with the signal and gives the status it ended with (null: by the signal). */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

export interface ServerProgram {
  /** The bundle, to be run by Node. */
  readonly file: string;
  /** `fileLimitKb`: no file of it grows beyond, which to a writer looks like a full disk. */
  start(dataDir: string, limits?: { readonly fileLimitKb?: number }): Promise<ServerProcess>;
  remove(): void;
}

/** Bundles the server into one file; its packages are found from there. */
export function buildServerProgram(): ServerProgram {
  const folder = mkdtempSync(join(ensureOutput(), 'server-'));
  const file = join(folder, 'main.mjs');
  const require = createRequire(join(import.meta.dirname, 'server-process.fixture.js'));
  const flags = ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=warning', `--outfile=${file}`];
  execFileSync(require.resolve('esbuild/bin/esbuild'), [join(import.meta.dirname, 'main.ts'), ...flags]);
  return {
    file,
    start: (dataDir, { fileLimitKb } = {}) => {
      const args = [process.execPath, file, '--data-dir', dataDir];
      // The unit of a POSIX shell is 512 bytes.
      const limited = fileLimitKb === undefined ? [] : ['sh', '-c', `ulimit -f ${fileLimitKb * 2}; exec "$@"`, 'sh'];
      const [command = '', ...rest] = [...limited, ...args];
      return started(spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] }));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function ensureOutput(): string {
  const output = resolve(import.meta.dirname, '..', 'out-tsc');
  mkdirSync(output, { recursive: true });
  return output;
}

async function started(child: ChildProcess): Promise<ServerProcess> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const line = await new Promise<string>((found, failed) => {
    if (child.stdout) createInterface(child.stdout).once('line', found);
    void ended.then((status) => failed(new Error(`the server ended with ${status}: ${stderr}`)));
  });
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  return {
    url,
    pid,
    stderr: () => stderr,
    end(signal) {
      process.kill(pid, signal);
      return ended;
    },
  };
}

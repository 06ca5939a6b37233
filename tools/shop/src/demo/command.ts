import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets what the command says on the way, line by line. Default: nobody does. */
  readonly say?: (line: string) => void;
  /** Gets the child when it runs. */
  readonly started?: (child: ChildProcess) => void;
}

export interface CommandResult {
  /** `null`: it was killed. */
  readonly status: number | null;
  readonly stdout: string;
}

/** Runs `loadin` with this Node and waits for its end. Where there is a terminal the command draws its progress there itself. It ends with this process. */
export async function runLoadin(launcher: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { cwd, env, say, started } = options;
  const draws = say !== undefined && process.stderr.isTTY;
  const child = spawn(process.execPath, [launcher, ...args], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', draws ? 'inherit' : 'pipe'] });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => say?.(line));
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  started?.(child);
  try {
    const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { status, stdout };
  } finally {
    process.removeListener('exit', end);
  }
}

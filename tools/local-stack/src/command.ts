import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  /** `show`: the child writes to this process's terminal. `keep`: its stdout is collected, its stderr shown. */
  readonly stdout: 'show' | 'keep';
  /** The folder it runs in: commands read `.env` there. */
  readonly cwd: string;
}

/** Runs one of the workspace's commands with this Node and waits for its end; a SIGTERM to this process reaches the child. */
export async function runCommand(
  launcher: string,
  args: readonly string[],
  { env, stdout, cwd }: CommandOptions,
): Promise<{ status: number; stdout: string }> {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', stdout === 'show' ? 'inherit' : 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', ignore);
  try {
    const status = await new Promise<number>((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
    return { status, stdout: Buffer.concat(chunks).toString('utf8') };
  } finally {
    process.removeListener('SIGTERM', forward).removeListener('SIGINT', ignore);
  }
}

/** Ctrl-C goes to the whole process group: the child ends its work properly, and this process must outlive it to close the stack. */
const ignore = (): void => undefined;

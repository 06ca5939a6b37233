import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessGroup {
  readonly pid: number;
  /** Resolves with the reason once the process is gone: `exit status 1`, `signal: killed`. */
  readonly gone: Promise<string>;
  freeze(): void;
  thaw(): void;
  kill(): void;
}

/**
 * Starts a process as the leader of its own group, so that what it starts is frozen and killed with it.
 * A group of its own outlives its parent, and a frozen one would do so for ever: a watching shell kills it when the pipe from this process closes, however this process ends.
 */
export function startGroup(command: readonly string[], options: { cwd: string; env: Record<string, string>; output: number }): ProcessGroup {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', options.output, options.output], detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  const watcher = spawn('/bin/sh', ['-c', `read -r _; kill -9 -${pid} 2>/dev/null`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch (error) {
      // The group ended on its own a moment ago: there is nothing left to signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  return {
    pid,
    gone: whenGone(child).finally(() => watcher.kill('SIGKILL')),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: () => signal('SIGKILL'),
  };
}

/** Worded as Lambda's error message is. */
function whenGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal === 'SIGKILL' ? 'signal: killed' : signal === null ? `exit status ${code}` : `signal: ${signal}`),
    );
  });
}

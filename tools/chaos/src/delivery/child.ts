import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Exit } from './evidence.js';

/** A process of a storm. It never outlives the harness: a shell watches it, which ends it when this process is gone, even killed or while it is stopped. */
export interface Child {
  readonly pid: number;
  readonly ended: Promise<Exit>;
  /** Whether it has ended, or is about to by SIGKILL. */
  readonly over: boolean;
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

export interface ChildOptions {
  /** Of the built command. */
  readonly main: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clockJump?: { readonly afterMs: number; readonly byMs: number };
  /** Its output goes to a disk that is full, and there is no place for temporary files. */
  readonly fullDisk?: boolean;
  /** No file of it grows beyond this: the write that would make it larger fails, as on a disk that is full (POSIX: EFBIG). Default: no limit. */
  readonly largestFileKB?: number;
}

/** Every write to it answers ENOSPC (Linux). */
const FULL = '/dev/full';

const WATCH = 'read -r line; kill -KILL "$1" 2>/dev/null';

export function startChild({ main, args, cwd, env, clockJump, fullDisk = false, largestFileKB }: ChildOptions): Child {
  const preload = clockJump === undefined ? [] : ['--import', clockJumpModule(clockJump)];
  const full = fullDisk && existsSync(FULL) ? openSync(FULL, 'w') : undefined;
  const command = [process.execPath, ...preload, main, ...args];
  // The shell becomes the command: its process id stays.
  const limited =
    largestFileKB === undefined ? command : ['sh', '-c', 'ulimit -f "$1"; shift; exec "$@"', 'sh', String(largestFileKB * 2), ...command];
  const [program = '', ...rest] = limited;
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env, ...(fullDisk && { TMPDIR: '/dev/null' }) },
    stdio: ['ignore', full ?? 'pipe', 'pipe'],
  });
  if (full !== undefined) closeSync(full);
  const watcher = watched(child);
  let over = false;
  const ended = exitOf(child).finally(() => {
    over = true;
    watcher.kill('SIGKILL');
  });
  return {
    pid: child.pid ?? 0,
    ended,
    get over() {
      return over;
    },
    signal(signal) {
      if (!over) child.kill(signal);
      if (signal === 'SIGKILL') over = true;
    },
  };
}

/** Ends the child when its input ends, which is when whoever holds the other end of the pipe is gone. */
function watched({ pid }: ChildProcess): ChildProcess {
  const shell = spawn('sh', ['-c', WATCH, 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  return shell;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  const text = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ status: code ?? undefined, signal: signal ?? undefined, ...text }));
  });
}

/** A module that makes the wall clock of the process that loads it jump; timers and the monotonic clock go on, as on a machine whose clock is set. */
function clockJumpModule({ afterMs, byMs }: { readonly afterMs: number; readonly byMs: number }): string {
  const code = `
    const Real = Date;
    const shift = () => (performance.now() < ${afterMs} ? 0 : ${byMs});
    globalThis.Date = class Date extends Real {
      constructor(...given) {
        if (given.length === 0) super(Real.now() + shift());
        else super(...given);
      }
      static now() { return Real.now() + shift(); }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

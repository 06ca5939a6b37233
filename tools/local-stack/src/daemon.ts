import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What a running stack says of itself in `{dir}/stack.json`. */
export interface RunningStack {
  readonly pid: number;
  readonly startedAt: string;
  /** The settings that lead commands to this stack. */
  readonly environment: Readonly<Record<string, string>>;
}

export const stackFile = (dir: string): string => join(dir, 'stack.json');
const logFile = (dir: string): string => join(dir, 'stack.log');
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;

/** The stack that runs on this folder, if one does. A file that a killed one left behind does not count. */
export async function runningStack(dir: string): Promise<RunningStack | undefined> {
  const text = await readFile(stackFile(dir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const stack = JSON.parse(text) as RunningStack;
  return isAlive(stack.pid) && (await answers(stack)) ? stack : undefined;
}

/** Whether local AWS answers under the address that the file names. A process id alone can be another process's by now, or that of one which has ended and was not yet waited for. */
async function answers({ environment }: RunningStack): Promise<boolean> {
  try {
    const answer = await fetch(`${environment['AWS_ENDPOINT_URL']}/_loadin/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    // Refused, or no answer in time: nobody serves there, which is what was asked.
    return false;
  }
}

/** Starts the stack in the background, or finds the one that runs already. */
export async function startInBackground(dir: string): Promise<{ stack: RunningStack; started: boolean }> {
  const running = await runningStack(dir);
  if (running !== undefined) return { stack: running, started: false };
  await mkdir(dir, { recursive: true });
  await rm(stackFile(dir), { force: true });
  const log = openSync(logFile(dir), 'w');
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'serve', '--dir', dir], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; await delay(50)) {
    const stack = await runningStack(dir);
    if (stack !== undefined) return { stack, started: true };
    if (child.exitCode !== null) break;
  }
  throw new Error(`The local stack did not start.\n${(await readFile(logFile(dir), 'utf8')).trim()}`);
}

/** `false`: none was running. */
export async function stopInBackground(dir: string): Promise<boolean> {
  const stack = await runningStack(dir);
  if (stack === undefined) return false;
  process.kill(stack.pid, 'SIGTERM');
  for (const until = Date.now() + STOP_TIMEOUT_MS; isAlive(stack.pid); await delay(20)) {
    if (Date.now() > until) {
      process.kill(stack.pid, 'SIGKILL');
      break;
    }
  }
  await rm(stackFile(dir), { force: true });
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

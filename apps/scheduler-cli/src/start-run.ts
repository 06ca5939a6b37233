import type { Attempt, StartRun } from '@loadin/schedules';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EXIT } from './exit-status.js';
import { isMetricsLine } from './metrics.js';

export interface StartRunOptions {
  /** Node and the launcher of this command. */
  readonly program: readonly [string, string];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the lines of runs go, each with its job before it; those of metrics as they are. */
  readonly say: (line: string) => void;
}

/** Enough of what was said last to tell what went wrong. */
const LAST_LINES = 6;
const LONGEST_PROBLEM = 600;

/**
 * Each run is a process of its own, the command that cron would start: one that is killed, or runs out of memory, takes neither the scheduler nor another run with it,
 * memory is given back after each, and settings and the jobs file are read anew. It is asked to stop by one SIGTERM; Ctrl-C of a terminal does not reach it.
 */
export function startRun({ program: [node, launcher], cwd, env, say }: StartRunOptions): StartRun {
  return async (job, at, signal) => {
    const child = spawn(node, [launcher, 'run', job, '--at', at, '--json'], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const last: string[] = [];
    let report = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (report += text));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (isMetricsLine(line)) return say(line);
      say(`${job} | ${line}`);
      last.push(line.trim());
      last.splice(0, last.length - LAST_LINES);
    });
    try {
      const [status, killedBy] = await end(child);
      return attemptOf(status, killedBy, reportOf(report), last);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}

async function end(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  const [status, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return [status, killedBy];
}

/** What is read of the report. */
interface Ended {
  readonly status?: string;
  readonly reason?: 'deadline' | 'quota' | 'lease' | 'cancelled';
  readonly resume_after?: string;
  readonly problems?: readonly string[];
}

function reportOf(text: string): Ended | undefined {
  try {
    return JSON.parse(text) as Ended;
  } catch {
    return undefined;
  }
}

/** What the exit status, and the report where it is needed, say. */
function attemptOf(status: number | null, killedBy: string | null, report: Ended | undefined, lastLines: readonly string[]): Attempt {
  if (status === EXIT.complete) return { status: 'complete' };
  const said = report?.problems?.length ? report.problems : lastLines;
  const text = said.join(' · ');
  const problem = text.length > LONGEST_PROBLEM ? `${text.slice(0, LONGEST_PROBLEM)}…` : text;
  if (status === EXIT.failed || status === EXIT.usage) return { status: 'failed', problem };
  if (status === EXIT.stopped && report?.reason !== undefined)
    return { status: 'stopped', reason: report.reason, ...(report.resume_after !== undefined && { resumeAfter: report.resume_after }) };
  return {
    status: 'lost',
    problem: `${killedBy === null ? `exit status ${status}` : `ended by ${killedBy}`}${problem === '' ? '' : `: ${problem}`}`,
  };
}

import { startLocalLambda } from '@loadin/local-lambda';
import { startChild, type ChildOptions } from './child.js';
import type { Exit } from './evidence.js';
import { SCHEDULED } from './jobs.js';
import type { World } from './world.js';

/** What is run. */
export interface Programs {
  /** The command's bundle. */
  readonly main: string;
  /** The function's package. */
  readonly zip: string;
}

/** What an attempt runs in. */
export interface Process {
  readonly ended: Promise<Exit>;
  readonly over: boolean;
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

export interface LambdaOptions {
  /** Milliseconds that it has. */
  readonly timeoutMs: number;
  /** Of the event: what it has besides the job. Default: the scheduled time. */
  readonly event?: Readonly<Record<string, unknown>>;
}

export interface CommandOptions extends Pick<ChildOptions, 'clockJump' | 'fullDisk' | 'largestFileKB'> {
  /** The scheduled time. Default: that of the daily and the hourly job. */
  readonly at?: string;
  /** Further arguments of `loadin run`. Default: none. */
  readonly more?: readonly string[];
}

export function startCommand(
  id: string,
  job: string,
  options: CommandOptions,
  { dir, envOf }: Pick<World, 'dir' | 'envOf'>,
  { main }: Pick<Programs, 'main'>,
): Process {
  const { at = SCHEDULED, more = [], ...troubles } = options;
  return startChild({ main, args: ['run', job, '--at', at, '--json', ...more], cwd: dir, env: envOf(id), ...troubles });
}

/** One invocation of the function, in an environment of its own. */
export function startLambda(
  id: string,
  job: string,
  { timeoutMs, event }: LambdaOptions,
  { lambdaEnvOf }: Pick<World, 'lambdaEnvOf'>,
  { zip }: Programs,
): Process {
  const deployed = startLocalLambda({ zip, functionName: 'ingestion', timeoutMs, memoryMB: 512, env: lambdaEnvOf(id) });
  let over = false;
  const ended = deployed
    .invoke({ job_type: job, ...(event ?? { scheduled_time: SCHEDULED }) })
    .then(
      ({ payload, functionError, logs }): Exit => ({
        ...endOf(JSON.stringify(payload), functionError !== undefined),
        stdout: JSON.stringify(payload),
        stderr: logs.join('\n'),
      }),
      (error: unknown): Exit => ({ status: undefined, signal: 'SIGKILL', stdout: String(error), stderr: '' }), // stopped by the harness
    )
    .finally(async () => {
      over = true;
      await deployed.stop();
    });
  return {
    ended,
    get over() {
      return over;
    },
    signal(signal) {
      if (signal === 'SIGKILL') void deployed.stop();
    },
  };
}

/** A time-out kills; what the function throws is a failure. */
function endOf(payload: string, failed: boolean): Pick<Exit, 'status' | 'signal'> {
  if (timedOut(payload)) return { status: undefined, signal: 'SIGKILL' };
  return { status: failed ? 1 : 0, signal: undefined };
}

export const timedOut = (stdout: string): boolean => stdout.includes('Sandbox.Timedout');

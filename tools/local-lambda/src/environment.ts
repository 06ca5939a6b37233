import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEnvironmentFiles } from './environment-files.js';
import { watchMemory } from './memory.js';
import { startGroup } from './process-group.js';
import { startRuntimeApi } from './runtime-api.js';
import type { FunctionSettings, Invocation, LocalLambdaStats } from './types.js';
import { variablesOf } from './variables.js';

/** One execution environment: a process that serves one invocation after the other and stands still in between. */
export interface Environment {
  readonly pid: number;
  /** False once the process is gone: the next invocation needs another environment. */
  readonly alive: boolean;
  /** Only one at a time. */
  run(event: string): Promise<Invocation>;
  kill(): Promise<void>;
}

/** The initialisation may take 10 s (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib). */
const initTimeoutMs = 10_000;

/** Compiled, or its source, which Node runs by leaving the types out. */
const bootstrap =
  ['./bootstrap.js', './bootstrap.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url))).find((file) => existsSync(file)) ??
  'bootstrap.js';

export async function startEnvironment(settings: FunctionSettings, stats: LocalLambdaStats): Promise<Environment> {
  stats.coldStarts += 1;
  const state = { alive: true, cold: true, id: '', answer: undefined as (Answer & { at: number }) | undefined, idle: signal() };
  const give = (answer: Answer): void => {
    state.answer = { ...answer, at: performance.now() };
  };
  const api = await startRuntimeApi({
    next: () => state.idle.raise(),
    response: (id, body) => id === state.id && give({ payload: JSON.parse(body) }),
    error: (_id, body) => give({ payload: JSON.parse(body), functionError: 'Unhandled' }),
  });
  const files = createEnvironmentFiles(settings.scratch);
  const heapMB = Math.floor(settings.memoryMB * 0.9); // as Lambda's own runtime does: the rest is for buffers and code
  const group = startGroup([process.execPath, `--max-old-space-size=${heapMB}`, bootstrap], {
    cwd: settings.task,
    env: variablesOf(settings, files, api.address),
    output: files.output,
  });
  const gone = group.gone.then(async (reason) => {
    state.alive = false;
    await api.close();
    return { exited: reason };
  });
  const idle = (): Promise<'idle'> => state.idle.raised.then(() => 'idle');
  const kill = async (): Promise<void> => {
    if (state.alive) stats.kills += 1;
    group.kill();
    await gone;
  };

  const initialise = async (): Promise<Answer | undefined> => {
    const end = await within(initTimeoutMs, [idle(), gone]);
    if (end === 'idle') return undefined;
    if (end === 'late') await kill();
    return end === 'late' ? timedOut(state.id, initTimeoutMs) : (state.answer ?? exited(state.id, end.exited));
  };

  const serve = async (event: string): Promise<Answer> => {
    state.idle = signal();
    const watch = watchMemory(group.pid, settings.memoryMB, () => void kill());
    api.send({
      id: state.id,
      event,
      deadlineMs: Date.now() + settings.timeoutMs,
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${settings.functionName}`,
      sampled: settings.activeTracing,
    });
    const end = await within(settings.timeoutMs, [idle(), gone]);
    watch.stop();
    if (end === 'late') await kill();
    return state.answer ?? (end === 'late' || end === 'idle' ? timedOut(state.id, settings.timeoutMs) : exited(state.id, end.exited));
  };

  const run = async (event: string): Promise<Invocation> => {
    const coldStart = state.cold;
    Object.assign(state, { cold: false, id: randomUUID() });
    group.thaw();
    const failed = await initialise();
    const startedAt = performance.now();
    const { payload, functionError } = failed ?? (await serve(event));
    const durationMs = Math.max(0, (state.answer?.at ?? performance.now()) - startedAt);
    state.answer = undefined;
    if (state.alive) {
      group.freeze();
      stats.freezes += 1;
    }
    const logs = files.takeLines();
    if (!state.alive) files.remove();
    return { payload, ...(functionError === undefined ? {} : { functionError }), logs, durationMs, coldStart };
  };

  return {
    pid: group.pid,
    get alive() {
      return state.alive;
    },
    run,
    kill: async () => {
      await kill();
      files.remove();
    },
  };
}

type Answer = Pick<Invocation, 'payload' | 'functionError'>;

// Worded as https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html shows them.
const timedOut = (id: string, ms: number): Answer =>
  unhandled('Sandbox.Timedout', `RequestId: ${id} Error: Task timed out after ${(ms / 1000).toFixed(2)} seconds`);
const exited = (id: string, reason: string): Answer =>
  unhandled(
    'Runtime.ExitError',
    `RequestId: ${id} Error: Runtime exited ${reason === 'exit status 0' ? 'without providing a reason' : `with error: ${reason}`}`,
  );
const unhandled = (errorType: string, errorMessage: string): Answer => ({ functionError: 'Unhandled', payload: { errorType, errorMessage } });

function signal(): { raised: Promise<void>; raise(): void } {
  let raise = (): void => undefined;
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raised, raise: () => raise() };
}

/** The first of `outcomes`, or `late` when none came within `ms`. */
async function within<T extends Promise<unknown>>(ms: number, outcomes: readonly T[]): Promise<Awaited<T> | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([...outcomes, late]);
  } finally {
    clearTimeout(timer);
  }
}

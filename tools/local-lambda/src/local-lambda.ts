import { startEnvironment, type Environment } from './environment.js';
import { unpack } from './package-files.js';
import {
  LocalLambdaError,
  maxPayloadBytes,
  type FunctionSettings,
  type LocalLambda,
  type LocalLambdaOptions,
  type LocalLambdaStats,
} from './types.js';

/**
 * Makes a function of a zip. Nothing runs before the first `invoke`.
 * @throws LocalLambdaError when the zip can't be unpacked or an option is out of Lambda's range
 */
export function startLocalLambda(options: LocalLambdaOptions): LocalLambda {
  checkRanges(options);
  const files = unpack(options.zip);
  const settings: FunctionSettings = {
    handler: options.handler ?? 'index.handler',
    timeoutMs: options.timeoutMs ?? 3_000,
    memoryMB: options.memoryMB ?? 1_024,
    env: options.env ?? {},
    functionName: options.functionName ?? 'local',
    activeTracing: options.activeTracing ?? false,
    task: files.task,
    scratch: files.scratch,
  };
  const concurrency = options.concurrency ?? 10;
  const stats: LocalLambdaStats = { invocations: 0, coldStarts: 0, freezes: 0, kills: 0 };
  const all = new Set<Environment>();
  const warm: Environment[] = [];
  const starting = new Set<Promise<unknown>>();
  let busy = 0;
  let stopped = false;

  const environment = async (): Promise<Environment> => {
    for (let found = warm.pop(); found !== undefined; found = warm.pop()) {
      if (found.alive) return found;
      all.delete(found);
    }
    const started = startEnvironment(settings, stats);
    starting.add(started);
    const fresh = await started.finally(() => starting.delete(started));
    all.add(fresh);
    return fresh;
  };

  return {
    stats,
    get pids() {
      return [...all].filter(({ alive }) => alive).map(({ pid }) => pid);
    },
    invoke: async (event) => {
      const text = eventText(event);
      if (stopped) throw new LocalLambdaError('ResourceNotFoundException', `Function ${settings.functionName} was stopped`);
      if (busy >= concurrency) throw new LocalLambdaError('TooManyRequestsException', `Rate Exceeded: ${busy} invocations are running already`);
      busy += 1;
      try {
        const chosen = await environment();
        stats.invocations += 1;
        const invocation = await chosen.run(text);
        if (chosen.alive) warm.push(chosen);
        else all.delete(chosen);
        return invocation;
      } finally {
        busy -= 1;
      }
    },
    stop: async () => {
      stopped = true;
      await Promise.all(starting);
      await Promise.all([...all].map((each) => each.kill()));
      all.clear();
      files.remove();
    },
  };
}

function eventText(event: unknown): string {
  const text = JSON.stringify(event ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxPayloadBytes)
    throw new LocalLambdaError(
      'RequestTooLargeException',
      `Request must be smaller than ${maxPayloadBytes} bytes for the InvokeFunction operation (this event has ${bytes})`,
    );
  return text;
}

function checkRanges({ memoryMB = 1_024, timeoutMs = 3_000 }: LocalLambdaOptions): void {
  const refuse = (what: string, given: number, range: string): never => {
    throw new LocalLambdaError('InvalidParameterValueException', `${what} is ${given}; Lambda allows ${range}`);
  };
  if (!(memoryMB >= 128 && memoryMB <= 10_240)) refuse('memoryMB', memoryMB, '128 to 10240');
  if (!(timeoutMs > 0 && timeoutMs <= 900_000)) refuse('timeoutMs', timeoutMs, 'up to 900000 (15 minutes)');
}

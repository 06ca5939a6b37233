/** What is run, and within which limits. */
export interface LocalLambdaOptions {
  /** The deployment package: its bytes, or the path of the file. */
  readonly zip: Uint8Array | string;
  /** `file.export` as in the function's configuration. Default `index.handler`: what the apps' bundles export. */
  readonly handler?: string;
  /** Milliseconds one invocation may take. Default 3,000: Lambda's own default. */
  readonly timeoutMs?: number;
  /** Memory in MB, 128 to 10,240. Default 1,024: enough for every bundle here, small enough to notice a leak. */
  readonly memoryMB?: number;
  /** The function's environment variables. Default none. Nothing of the caller's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default `local`. */
  readonly functionName?: string;
  /** Whether X-Ray traces its invocations (`TracingConfig`): then the header in `_X_AMZN_TRACE_ID` is sampled. Default false. */
  readonly activeTracing?: boolean;
  /** Invocations at the same time, each in an environment of its own. Default 10; one more fails with `TooManyRequestsException`. */
  readonly concurrency?: number;
}

/** The options with their defaults, and the folders of the unpacked function. */
export type FunctionSettings = Required<Omit<LocalLambdaOptions, 'zip' | 'concurrency'>> & { readonly task: string; readonly scratch: string };

/** What an invocation gave. */
export interface Invocation {
  /** The handler's answer, or the error object (`errorType`, `errorMessage`, `trace`) when `functionError` is set. */
  readonly payload?: unknown;
  /** Set when the handler threw, the process exited, ran out of memory or out of time. */
  readonly functionError?: 'Unhandled';
  /** Lines the function wrote to stdout and stderr since the previous invocation of its environment (a cold start's include the initialisation). */
  readonly logs: readonly string[];
  /** Milliseconds from handing over the event to the answer, without the initialisation. */
  readonly durationMs: number;
  readonly coldStart: boolean;
}

export interface LocalLambdaStats {
  invocations: number;
  coldStarts: number;
  /** How often an environment was stopped between two invocations. */
  freezes: number;
  /** How often an environment was killed: time-out, memory, `stop()`. */
  kills: number;
}

export interface LocalLambda {
  /**
   * Runs the handler with `event` (anything JSON holds) and resolves with what Lambda would answer; errors of the function don't reject.
   * @throws LocalLambdaError `RequestTooLargeException` (event over 6 MB), `TooManyRequestsException` (see `concurrency`), `ResourceNotFoundException` (stopped)
   */
  invoke(event: unknown): Promise<Invocation>;
  readonly stats: Readonly<LocalLambdaStats>;
  /** Process ids of the environments that exist now, running or frozen. */
  readonly pids: readonly number[];
  /** Kills every environment, waits until it is gone and removes the unpacked files. May be called twice. */
  stop(): Promise<void>;
}

/** An invocation that Lambda would have refused, with Lambda's name for it. */
export class LocalLambdaError extends Error {
  constructor(
    name: 'InvalidParameterValueException' | 'RequestTooLargeException' | 'TooManyRequestsException' | 'ResourceNotFoundException',
    message: string,
  ) {
    super(message);
    this.name = name;
  }
}

/** Events and answers may have this many bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB each). */
export const maxPayloadBytes = 6 * 1024 * 1024;

import { FatalError, RetryableError } from '@loadin/pipeline';
import { CrashError } from './crash-error.js';
import { createDecider } from './decide.js';
import type { FaultKind, FaultOptions, FaultStep, InjectedFault } from './fault-options.js';

/** The faults of one process: given to `withFaults` of several ports, they share the seed, the count of calls and the crash. */
export interface Faults {
  readonly seed: number;
  /** What happened, oldest first. */
  readonly injected: readonly InjectedFault[];
  /** Calls so far, those that faults hit included. */
  readonly calls: number;
  readonly crashed: boolean;
  /** One line for people: the seed, and what happened. */
  describe(): string;
  /** Runs one call of a port, or what the fault makes of it. */
  around<Result>(call: FaultCall<Result>): Promise<Result>;
}

export interface FaultCall<Result> {
  readonly step: FaultStep;
  readonly target: string;
  readonly signal?: AbortSignal;
  run(): Promise<Result>;
  /** What `partial` does instead of `run`; without it that kind does not happen here. `random` chooses the part. */
  runPart?(random: () => number): Promise<Result>;
}

/** Throws a `FatalError` for rates that can't be, or faults that lack what they need. */
export function createFaults(options: FaultOptions): Faults {
  const { seed, clock, signal: runSignal } = options;
  const decide = createDecider(options);
  const injected: InjectedFault[] = [];
  const callsOf = new Map<FaultStep, number>();
  let calls = 0;
  let crash: CrashError | undefined;

  const around = async <Result>({ step, target, signal = runSignal, run, runPart }: FaultCall<Result>): Promise<Result> => {
    if (crash !== undefined) throw crash;
    const call = (callsOf.get(step) ?? 0) + 1;
    callsOf.set(step, call);
    const decision = decide({ step, target, call, ofAll: (calls += 1), canBePart: runPart !== undefined });
    const { kind, delayMs } = decision;
    const note = (happened: FaultKind): string => {
      injected.push({ kind: happened, step, call, target });
      return `injected ${happened} at ${step} #${call} (seed ${seed})`;
    };
    const die = (): CrashError => (crash ??= new CrashError(note('crash')));

    if (delayMs > 0) note('delay');
    if (delayMs > 0) await clock?.sleep(delayMs, signal);
    if (crash !== undefined) throw crash;
    if (decision.crash === 'before') throw die();
    if (kind === 'error') throw new RetryableError(note(kind), { where: target });
    if (kind === 'throttle') throw new RetryableError(`${note(kind)}: slow down`, { where: target });
    if (kind === 'hang') await untilAborted(note(kind), signal);
    if (kind === 'partial') note(kind);
    const result = await (kind === 'partial' && runPart !== undefined ? runPart(decision.random) : run());
    if (crash !== undefined) throw crash; // the process ended while the call was under way
    if (decision.crash === 'after') throw die();
    if (kind === 'lost-answer') throw new RetryableError(note(kind), { where: target });
    return result;
  };

  return {
    seed,
    injected,
    get calls() {
      return calls;
    },
    get crashed() {
      return crash !== undefined;
    },
    describe: () =>
      `seed ${seed}: ${injected.map(({ kind, step, call, target }) => `${kind} at ${step} #${call} (${target})`).join(', ') || 'no fault'}`,
    around,
  };
}

function untilAborted(what: string, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal === undefined) return reject(new FatalError(`${what}: nothing can end it`));
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

import { FatalError, RetryableError } from '@loadin/pipeline';
import { createRandom } from '../random.js';
import { CrashError } from './crash-error.js';
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

/** Exclusive kinds in the order in which one die decides between them. */
const kinds = ['crash', 'error', 'lost-answer', 'throttle', 'hang', 'partial'] as const satisfies readonly FaultKind[];

/** Throws a `FatalError` for rates that can't be, or faults that lack what they need. */
export function createFaults(options: FaultOptions): Faults {
  checkOptions(options);
  const { seed, rates = {}, steps, most = Infinity, crashAt, clock, maxDelayMs = 1_000 } = options;
  const injected: InjectedFault[] = [];
  const counts = new Map<string, number>();
  let calls = 0;
  let byRates = 0;
  let crash: CrashError | undefined;

  const count = (name: string): number => {
    const next = (counts.get(name) ?? 0) + 1;
    counts.set(name, next);
    return next;
  };
  const roll = (random: () => number, canBePart: boolean): FaultKind | undefined => {
    let die = random();
    for (const kind of kinds) {
      die -= rates[kind] ?? 0;
      if (die < 0) return kind === 'partial' && !canBePart ? undefined : kind;
    }
    return undefined;
  };
  const planned = (step: FaultStep, call: number): 'before' | 'after' | undefined => {
    if (typeof crashAt === 'number') return crashAt === calls ? 'before' : undefined;
    return crashAt?.step === step && (crashAt.call ?? 1) === call ? (crashAt.when ?? 'before') : undefined;
  };

  const around = async <Result>({ step, target, signal, run, runPart }: FaultCall<Result>): Promise<Result> => {
    if (crash !== undefined) throw crash;
    calls += 1;
    const call = count(step);
    const random = createRandom(hash(`${seed}|${step}|${target}|${count(`${step}|${target}`)}`));
    const note = (kind: FaultKind): string => {
      injected.push({ kind, step, call, target });
      return `injected ${kind} at ${step} #${call} (seed ${seed})`;
    };
    const die = (): CrashError => (crash ??= new CrashError(note('crash')));
    const isHit = steps === undefined || steps.includes(step);
    const rolled = isHit && byRates < most ? roll(random, runPart !== undefined) : undefined;
    if (rolled !== undefined) byRates += 1;
    const crashing = planned(step, call) ?? (rolled === 'crash' ? (random() < 0.5 ? 'before' : 'after') : undefined);

    if (isHit && clock !== undefined && random() < (rates.delay ?? 0)) {
      note('delay');
      await clock.sleep(Math.ceil(random() * maxDelayMs), signal);
      if (crash !== undefined) throw crash;
    }
    if (crashing === 'before') throw die();
    if (rolled === 'error') throw new RetryableError(note(rolled), { where: target });
    if (rolled === 'throttle') throw new RetryableError(`${note(rolled)}: slow down`, { where: target });
    if (rolled === 'hang') await untilAborted(note(rolled), signal ?? options.signal);
    if (rolled === 'partial') note(rolled);
    const result = await (rolled === 'partial' && runPart !== undefined ? runPart(random) : run());
    if (crash !== undefined) throw crash; // the process ended while the call was under way
    if (crashing === 'after') throw die();
    if (rolled === 'lost-answer') throw new RetryableError(note(rolled), { where: target });
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

function checkOptions({ rates = {}, clock, signal, steps }: FaultOptions): void {
  const wrong = Object.entries(rates).find(([, rate]) => !(rate >= 0 && rate <= 1));
  if (wrong !== undefined) throw new FatalError(`the rate of ${wrong[0]} is ${wrong[1]}; it must be from 0 to 1`);
  const sum = kinds.reduce((total, kind) => total + (rates[kind] ?? 0), 0);
  if (sum > 1 + 1e-9) throw new FatalError(`the rates of ${kinds.join(', ')} are ${sum} together; they can be 1 at most`);
  if ((rates.delay ?? 0) > 0 && clock === undefined) throw new FatalError('delays need a clock', { hint: 'Give clock: createManualClock(0).' });
  const hasOwnSignals = steps?.every((step) => step.startsWith('sink.') || step.startsWith('stream.')) === true;
  if ((rates.hang ?? 0) > 0 && signal === undefined && !hasOwnSignals)
    throw new FatalError('calls of stores can’t hang without a signal that ends them', { hint: 'Give signal, or steps without stores.' });
}

function untilAborted(what: string, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal === undefined) return reject(new FatalError(`${what}: nothing can end it`));
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** FNV-1a, 32 bits: near texts get far numbers through the generator that they seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

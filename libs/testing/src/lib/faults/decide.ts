import { FatalError } from '@loadin/pipeline';
import { createRandom } from '../random.js';
import type { FaultKind, FaultOptions, FaultStep } from './fault-options.js';

export interface CallToDecide {
  readonly step: FaultStep;
  readonly target: string;
  /** The how manieth call of this step, and of all, from 1. */
  readonly call: number;
  readonly ofAll: number;
  readonly canBePart: boolean;
}

export interface Decision {
  readonly kind: Exclude<FaultKind, 'crash' | 'delay'> | undefined;
  readonly crash: 'before' | 'after' | undefined;
  /** 0: none. */
  readonly delayMs: number;
  /** For what more is to be chosen. */
  readonly random: () => number;
}

/** Exclusive kinds in the order in which one die decides between them. */
const kinds = ['crash', 'error', 'lost-answer', 'throttle', 'hang', 'partial'] as const satisfies readonly FaultKind[];

/** Chooses for each call, by the seed, its target and how often that was called: calls of other targets change nothing. */
export function createDecider(options: FaultOptions): (call: CallToDecide) => Decision {
  checkOptions(options);
  const { seed, rates = {}, steps, most = Infinity, crashAt, maxDelayMs = 1_000 } = options;
  const callsOf = new Map<string, number>();
  let byRates = 0;
  const roll = (random: () => number, canBePart: boolean): (typeof kinds)[number] | undefined => {
    let die = random();
    const kind = kinds.find((each) => (die -= rates[each] ?? 0) < 0);
    return kind === 'partial' && !canBePart ? undefined : kind;
  };
  return ({ step, target, call, ofAll, canBePart }) => {
    const name = `${step}|${target}`;
    callsOf.set(name, (callsOf.get(name) ?? 0) + 1);
    const random = createRandom(hash(`${seed}|${name}|${callsOf.get(name)}`));
    const isHit = steps === undefined || steps.includes(step);
    const rolled = isHit && byRates < most ? roll(random, canBePart) : undefined;
    if (rolled !== undefined) byRates += 1;
    const planned = plannedCrash(crashAt, step, call, ofAll);
    const crash = planned ?? (rolled === 'crash' ? (random() < 0.5 ? 'before' : 'after') : undefined);
    const delayMs = isHit && random() < (rates.delay ?? 0) ? Math.ceil(random() * maxDelayMs) : 0;
    return { kind: rolled === 'crash' ? undefined : rolled, crash, delayMs, random };
  };
}

function plannedCrash(crashAt: FaultOptions['crashAt'], step: FaultStep, call: number, ofAll: number): 'before' | 'after' | undefined {
  if (typeof crashAt === 'number') return crashAt === ofAll ? 'before' : undefined;
  return crashAt?.step === step && (crashAt.call ?? 1) === call ? (crashAt.when ?? 'before') : undefined;
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

/** FNV-1a, 32 bits: near texts get far numbers through the generator that they seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

import { createRandom } from '@loadin/testing';
import type { StormKind } from '@loadin/upstreams';
import { STEPS, type StepName } from './evidence.js';
import type { JobName, SourceOddities } from './jobs.js';
import { WEATHER_KINDS, type WeatherKind, type WeatherRates } from './weather.js';

/** The n-th time that an attempt comes to a step, before the step is done or after it. */
export interface Moment {
  readonly step: StepName;
  readonly when: 'before' | 'after';
  readonly nth: number;
}

/** What is done to a run in one round; every round starts the run again, as its scheduler would. */
export type Trouble =
  /** SIGKILL at a named step. */
  | { readonly kind: 'kill at a step'; readonly at: Moment }
  /** SIGKILL whenever. */
  | { readonly kind: 'kill at random'; readonly afterMs: number }
  /** SIGTERM: what a scheduler sends whose time is over. */
  | { readonly kind: 'deadline by SIGTERM'; readonly afterMs: number }
  /** The Lambda function, with less time than the run needs. */
  | { readonly kind: 'deadline on Lambda'; readonly timeoutMs: number }
  /** The run by a state machine: each phase and slice an invocation of its own; the first `plan` is killed where it lists the slices, one slice has too little time at first, one comes twice. */
  | { readonly kind: 'phases on Lambda'; readonly shortMs: number; readonly planKilled: Moment['when'] }
  /** So many copies of the run, each so much later than the one before; one of them may be killed. */
  | { readonly kind: 'copies at once'; readonly delaysMs: readonly number[]; readonly killAfterMs?: number }
  /** SIGSTOP at a step; its leases expire, another copy takes over, and it is woken up: by then, or when the other has ended. */
  | { readonly kind: 'paused process'; readonly at: Moment; readonly wakeAfterMs?: number }
  /** From a step on no call of it comes through, for longer than a lease lasts; then all of them do. Another copy may have taken over; without `forMs` it has ended by then. */
  | { readonly kind: 'cut off'; readonly at: Moment; readonly forMs?: number; readonly others: 0 | 1 }
  /** The clock of the process jumps. */
  | { readonly kind: 'clock jump'; readonly afterMs: number; readonly byMs: number }
  | { readonly kind: 'full disk of the servers'; readonly at: Moment; readonly forMs: number }
  /** Nothing can be written by the process: neither its output nor temporary files. */
  | { readonly kind: 'full disk of the process' }
  | { readonly kind: 'resharding'; readonly at: Moment; readonly how: 'split' | 'merge' }
  /** The checkpoints' object, after a kill: torn off in the middle, or one checkpoint in it made nonsense. */
  | { readonly kind: 'damaged checkpoints'; readonly how: 'torn' | 'nonsense' }
  /** The records have other contents, or others come and go, from a step on; there the attempt is killed, so that another one goes on. */
  | { readonly kind: 'changed source'; readonly how: 'contents' | 'records'; readonly at: Moment }
  /** The hourly job begins at the same moment, for the same second. */
  | { readonly kind: 'same second' };

export type TroubleKind = Trouble['kind'];

export interface Round {
  readonly trouble: Trouble;
  readonly weather: WeatherRates;
}

/** All that a seed decides. */
export interface Scenario {
  readonly seed: number;
  /** Where checkpoints and other state lie. */
  readonly store: 'dynamodb' | 's3';
  readonly shards: number;
  /** The first one is what the rounds start. */
  readonly jobs: readonly JobName[];
  readonly oddities: SourceOddities;
  /** Shares of the calls to the sources. */
  readonly sourceStorm: Readonly<Partial<Record<StormKind, number>>>;
  readonly rounds: readonly Round[];
}

/** Steps that come at the end of a run: whatever else is to happen to it has to happen before. */
const LATE: readonly StepName[] = ['checkpoint moved', 'history noted', 'report stored', 'run log stored'];
/** Steps that come many times. */
const FREQUENT: readonly StepName[] = [
  'page landed',
  'raw object put',
  'records put',
  'progress saved',
  'lease taken',
  'lease renewed',
  'quota noted',
  'second claimed',
];

/** Only the phase `plan` lists slices, for a state machine. */
export const KILLS: readonly Moment[] = STEPS.filter((step) => step !== 'slices listed').flatMap((step) =>
  (['before', 'after'] as const).map((when) => ({ step, when, nth: 1 })),
);

/** Every kind of trouble but the kills at steps, which every seed has. */
export const SPECIAL: readonly TroubleKind[] = [
  'paused process',
  'copies at once',
  'cut off',
  'damaged checkpoints',
  'same second',
  'deadline on Lambda',
  'changed source',
  'clock jump',
  'full disk of the servers',
  'resharding',
  'deadline by SIGTERM',
  'full disk of the process',
  'phases on Lambda',
  'kill at random',
];

const DAY_MS = 86_400_000;
const JUMPS = [-40 * DAY_MS, -DAY_MS, -3_600_000, -30_000, 30_000, 3_600_000, DAY_MS, 400 * DAY_MS];

/** A pure function of the seed. Kills and special troubles take turns, so that each comes up within a few dozen seeds. */
export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed * 7 + 1);
  const draw = createDraw(random);
  const kill = { ...(KILLS[seed % KILLS.length] ?? KILLS[0]), nth: 1 } as Moment;
  // Shifted from round to round, so that each comes to meet the other.
  const special = SPECIAL[(seed + Math.floor(seed / KILLS.length)) % SPECIAL.length] ?? 'kill at random';
  const spoiled = kill.step === 'dead letters put' || draw.chance(0.5);
  const troubles = orderOf(atStep(kill, draw), troubleOf(special, draw));
  // The object with the checkpoints is one only in a bucket.
  const store = special === 'damaged checkpoints' || draw.chance(0.4) ? 's3' : 'dynamodb';
  return {
    seed,
    store,
    shards: special === 'resharding' ? 2 : draw.between(1, 3),
    jobs: special === 'same second' ? ['daily', 'hourly'] : ['daily'],
    oddities: { seed, spoiled, crowd: draw.chance(0.15) ? 15 : 0 },
    sourceStorm: draw.chance(0.3) ? sourceStorm(draw) : {},
    rounds: troubles.map((trouble) => ({ trouble, weather: draw.chance(0.65) ? weather(draw) : {} })),
  };
}

interface Draw {
  chance(share: number): boolean;
  between(low: number, high: number): number;
  pick<T>(of: readonly T[]): T;
}

function createDraw(random: () => number): Draw {
  return {
    chance: (share) => random() < share,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    pick: (of) => of[Math.floor(random() * of.length)] as (typeof of)[number],
  };
}

const atStep = (at: Moment, draw: Draw): Extract<Trouble, { kind: 'kill at a step' }> => ({
  kind: 'kill at a step',
  at: { ...at, nth: FREQUENT.includes(at.step) ? draw.between(1, 3) : 1 },
});

/** Most special troubles let the run come to its end, so they come last; but a kill at one of the last steps only comes after them. */
function orderOf(kill: Extract<Trouble, { kind: 'kill at a step' }>, special: Trouble): readonly Trouble[] {
  const ends = ['kill at random', 'deadline by SIGTERM', 'deadline on Lambda', 'changed source', 'full disk of the servers', 'damaged checkpoints'];
  return LATE.includes(kill.at.step) && ends.includes(special.kind) ? [special, kill] : [kill, special];
}

/** A moment while pages are read and delivered. */
const midway = (draw: Draw): Moment => ({
  step: draw.pick(['page landed', 'raw object put', 'records put', 'progress saved'] as const),
  when: draw.pick(['before', 'after'] as const),
  nth: draw.between(1, 3),
});

function troubleOf(kind: TroubleKind, draw: Draw): Trouble {
  switch (kind) {
    case 'kill at a step':
      return { kind, at: midway(draw) };
    case 'kill at random':
    case 'deadline by SIGTERM':
      return { kind, afterMs: draw.between(0, 3_000) };
    case 'deadline on Lambda':
      return { kind, timeoutMs: draw.chance(0.4) ? draw.between(200, 900) : draw.between(1_000, 3_500) };
    case 'phases on Lambda':
      return { kind, shortMs: draw.between(150, 900), planKilled: draw.pick(['before', 'after'] as const) };
    case 'copies at once': {
      const delaysMs = Array.from({ length: draw.between(1, 2) }, () => (draw.chance(0.5) ? 0 : draw.between(1, 900)));
      return { kind, delaysMs, ...(draw.chance(0.4) && { killAfterMs: draw.between(0, 2_500) }) };
    }
    case 'paused process':
      return { kind, at: midway(draw), ...(draw.chance(0.5) && { wakeAfterMs: draw.between(2_200, 5_000) }) };
    case 'cut off':
      return { kind, at: midway(draw), forMs: draw.between(1_300, 4_000), others: draw.chance(0.75) ? 1 : 0 };
    case 'clock jump':
      return { kind, afterMs: draw.between(0, 2_500), byMs: draw.pick(JUMPS) };
    case 'full disk of the servers':
      return { kind, at: midway(draw), forMs: draw.between(300, 3_000) };
    case 'full disk of the process':
    case 'same second':
      return { kind };
    case 'resharding':
      return {
        kind,
        at: { step: 'records put', when: draw.pick(['before', 'after'] as const), nth: draw.between(1, 2) },
        how: draw.pick(['split', 'merge'] as const),
      };
    case 'damaged checkpoints':
      return { kind, how: draw.pick(['torn', 'nonsense'] as const) };
    case 'changed source':
      return { kind, how: draw.chance(0.7) ? 'contents' : 'records', at: midway(draw) };
  }
}

/** Some kinds at once. Together they leave most calls alone: what fails four times of five gets nowhere, and nothing is learned. */
function weather(draw: Draw): WeatherRates {
  const kinds = WEATHER_KINDS.filter(() => draw.chance(0.4));
  const most: Readonly<Record<WeatherKind, number>> = {
    'lost answer': 0.08,
    'S3 throttle': 0.1,
    'Kinesis partial failure': 0.8,
    'Kinesis throttle': 0.15,
    'DynamoDB throttle': 0.08,
    'server error': 0.06,
    'dropped connection': 0.06,
    'hung connection': 0.012,
    'slow answer': 0.2,
  };
  return Object.fromEntries(kinds.map((kind) => [kind, (most[kind] * draw.between(20, 100)) / 100]));
}

function sourceStorm(draw: Draw): Scenario['sourceStorm'] {
  const share = (most: number): number => (most * draw.between(20, 100)) / 100;
  return {
    serverError: share(0.06),
    badGateway: share(0.04),
    drop: share(0.05),
    truncatedBody: share(0.04),
    malformedJson: share(0.04),
    emptyBody: share(0.04),
    latency: share(0.2),
    tokenExpired: share(0.1),
  };
}

import { createRandom } from '@loadin/testing';
import { LOAD_STEPS, type StepName } from '../delivery/evidence.js';
import type { AnyTrouble } from '../delivery/rounds.js';
import type { Moment } from '../delivery/scenario.js';
import type { Entity } from './tables.js';
import { WEATHER_KINDS, type WeatherKind, type WeatherRates } from '../delivery/weather.js';

/** What is done to a run of entities in one round. */
export type LoadTrouble =
  | AnyTrouble
  /** No file that the process writes grows beyond this: what it spills does not fit. */
  | { readonly kind: 'full disk while spilling'; readonly largestFileKB: number }
  /** No call of it comes through from there on, until the run of the next day, which is the last one, has come to its end. */
  | { readonly kind: 'run overtaken'; readonly at: Moment }
  /** Killed when its first file could be seen, and somebody writes another one in its place. */
  | { readonly kind: 'replaced file' };

/** What happens to the tables before a run. */
export type Change = 'grows' | 'changes' | 'shrinks' | 'nothing';

/** What is lost before a run. */
export type Loss = 'a checkpoint' | 'the state' | 'the sets';

export interface LoadRound {
  readonly trouble: LoadTrouble;
  readonly weather: WeatherRates;
  /** The tables change where an attempt is killed at a step. */
  readonly changes: boolean;
}

/** A run, and what comes before it. */
export interface Day {
  readonly change: Change;
  readonly loss?: Loss;
  readonly rounds: readonly LoadRound[];
  /** It is left as the rounds leave it: the next day's run comes first. */
  readonly abandoned: boolean;
}

export interface LoadScenario {
  readonly seed: number;
  readonly store: 'dynamodb' | 's3';
  /** Of each table, on the first day. */
  readonly rows: number;
  /** Some rows are so large, and of so many dates, that not all of them are held in memory. */
  readonly large: boolean;
  /** Event dates that they have. */
  readonly dates: number;
  readonly days: readonly Day[];
  /** In the end a row is committed later than one with a later cursor; runs are made before and after. */
  readonly overlap: boolean;
  /** The one table there is. Default: all. */
  readonly only?: Entity;
}

/** Steps that every run of entities comes to. */
const STEPS: readonly StepName[] = [
  ...LOAD_STEPS,
  ...([
    'run noted',
    'second claimed',
    'plan stored',
    'lease taken',
    'lease given back',
    'progress saved',
    'checkpoint moved',
    'report stored',
    'run log stored',
  ] as const),
];

/** Come for each object. */
const MANY: readonly StepName[] = ['upload begun', 'part sent', 'object completed'];
const ENTITY_BY_ENTITY: readonly StepName[] = [...LOAD_STEPS, 'second claimed', 'lease taken', 'progress saved', 'checkpoint moved'];

export const LOAD_KILLS: readonly Moment[] = STEPS.flatMap((step) => (['before', 'after'] as const).map((when) => ({ step, when, nth: 1 })));

const SPECIAL = [
  'paused process',
  'copies at once',
  'full disk while spilling',
  'cut off',
  'full disk of the servers',
  'kill at random',
  'full disk of the process',
] as const;

export const LOAD_TROUBLES: readonly LoadTrouble['kind'][] = [...SPECIAL, 'replaced file', 'run overtaken'];

/** Where a run has committed an entity, and its checkpoint has not moved. */
const BETWEEN: readonly Moment[] = [
  { step: 'load committed', when: 'after', nth: 1 },
  { step: 'object completed', when: 'after', nth: 2 },
  { step: 'load noted as done', when: 'after', nth: 1 },
  { step: 'checkpoint moved', when: 'before', nth: 1 },
  { step: 'load committed', when: 'after', nth: 3 },
];
const LOSSES: readonly Loss[] = ['a checkpoint', 'the state', 'the sets'];

/** A pure function of the seed. Kills, special troubles and losses take turns, so that each comes up within a few dozen seeds. */
export function loadScenarioOf(seed: number): LoadScenario {
  const random = createRandom(seed * 11 + 5);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(of: readonly T[]): T => of[between(0, of.length - 1)] as T;
  const midway = (): Moment => ({
    step: pick(['upload begun', 'part sent', 'sets announced', 'load committed', 'object completed', 'lease taken'] as const),
    when: pick(['before', 'after'] as const),
    nth: between(1, 3),
  });
  const specialOf = (kind: (typeof SPECIAL)[number]): LoadTrouble => {
    switch (kind) {
      case 'paused process':
        return { kind, at: midway(), ...(chance(0.5) && { wakeAfterMs: between(1_500, 4_000) }) };
      case 'copies at once':
        return { kind, delaysMs: chance(0.5) ? [0] : [between(0, 900), between(0, 900)], ...(chance(0.4) && { killAfterMs: between(0, 2_500) }) };
      case 'full disk while spilling':
        return { kind, largestFileKB: pick([0, 64, 4_096]) };
      case 'cut off':
        return { kind, at: midway(), forMs: between(1_300, 4_000), others: chance(0.75) ? 1 : 0 };
      case 'full disk of the servers':
        return { kind, at: midway(), forMs: between(300, 3_000) };
      case 'kill at random':
        return { kind, afterMs: between(0, 2_500) };
      case 'full disk of the process':
        return { kind };
    }
  };
  const weather = (): WeatherRates => {
    const most: Readonly<Partial<Record<WeatherKind, number>>> = {
      'lost answer': 0.08,
      'S3 throttle': 0.1,
      'DynamoDB throttle': 0.08,
      'server error': 0.06,
      'dropped connection': 0.06,
      'hung connection': 0.01,
      'slow answer': 0.15,
    };
    const kinds = WEATHER_KINDS.filter((kind) => most[kind] !== undefined && chance(0.4));
    return Object.fromEntries(kinds.map((kind) => [kind, ((most[kind] ?? 0) * between(20, 100)) / 100]));
  };
  const roundOf = (trouble: LoadTrouble): LoadRound => ({ trouble, weather: chance(0.5) ? weather() : {}, changes: chance(0.5) });
  const dayOf = (n: number): Day => {
    const kill = LOAD_KILLS[(seed + n * 17) % LOAD_KILLS.length] as Moment;
    const nth = MANY.includes(kill.step) ? between(1, 6) : ENTITY_BY_ENTITY.includes(kill.step) ? between(1, 2) : 1;
    const rounds: LoadTrouble[] = [{ kind: 'kill at a step', at: { ...kill, nth } }];
    const special = SPECIAL[Math.floor(seed / 2) % SPECIAL.length] ?? 'kill at random';
    // Only what is written for the first time is so much that it is spilled.
    if (special === 'full disk while spilling' && n === 0) rounds.unshift(specialOf(special));
    else if (special !== 'full disk while spilling' && n === seed % 2) rounds.push(specialOf(special));
    const abandoned = n === 1 && chance(0.4);
    // Committed and not ended, and no other attempt comes.
    if (abandoned && chance(0.75)) rounds.splice(0, rounds.length, { kind: 'kill at a step', at: pick(BETWEEN) });
    if (n === 1 && seed % 16 === 11)
      rounds.splice(0, rounds.length, {
        kind: 'run overtaken',
        at: { step: pick(['sets announced', 'load committed'] as const), when: 'before', nth: between(1, 3) },
      });
    if (n === 1 && seed % 16 === 7) rounds.splice(0, rounds.length, { kind: 'replaced file' });
    return {
      change: n === 0 ? 'nothing' : pick(['grows', 'changes', 'shrinks', 'changes', 'nothing'] as const),
      ...(n === 1 && seed % 3 === 0 && { loss: LOSSES[Math.floor(seed / 3) % LOSSES.length] as Loss }),
      rounds: rounds.map(roundOf),
      abandoned: abandoned || rounds.some(({ kind }) => kind === 'replaced file'),
    };
  };
  const days = [dayOf(0), dayOf(1), dayOf(2)].slice(0, seed % 16 !== 11 && chance(0.25) ? 3 : 2);
  const large = days.some(({ rounds }) => rounds.some(({ trouble }) => trouble.kind === 'full disk while spilling'));
  return { seed, store: chance(0.3) ? 's3' : 'dynamodb', rows: between(60, 600), large, dates: between(1, 6), days, overlap: seed % 8 === 3 };
}

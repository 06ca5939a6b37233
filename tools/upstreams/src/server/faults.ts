import { random, type Random } from '../catalogue/random.js';
import { apis, type Api, type Call } from './exchange.js';
import { targetOf } from './request-log.js';
import { createStorm, type Storm, type StormOptions, type StormReport } from './storm.js';

/** What happens to a matching call instead of, or before, its real answer. */
export type FaultEffect =
  /** An answer with this status; the default body is the API's own shape. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The real answer, so many milliseconds later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The connection is closed without an answer. */
  | { readonly kind: 'drop' }
  /** No answer at all until the client gives up or the server closes. */
  | { readonly kind: 'hang' }
  /** The real headers, half of the body, then a closed connection. */
  | { readonly kind: 'truncatedBody' }
  /** Status 200 and half of the body as if it were all. */
  | { readonly kind: 'malformedJson' }
  /** Status 200 and no body. */
  | { readonly kind: 'emptyBody' }
  /** Spotify data: the presented token ends now (401 "The access token expired", also for the calls after it). */
  | { readonly kind: 'tokenExpired' }
  /** Spotify: 429 with `"reason":"QUOTA_EXCEEDED"`. Ticketmaster: 429 `QuotaViolation`, whose text echoes the apikey. The gateway: 429 `Limit Exceeded`. */
  | { readonly kind: 'quotaExceeded' }
  /** Spotify data: the plain-text 403 about the owner's subscription. */
  | { readonly kind: 'premium' }
  /** 429 with `Retry-After`: plain text from Spotify, `SpikeArrestViolation` from Ticketmaster, `Too Many Requests` from the gateway. */
  | { readonly kind: 'retryAfter'; readonly seconds: number }
  /** Spotify data: from now on a search may ask for at most so many (400 "Invalid limit"). */
  | { readonly kind: 'searchLimit'; readonly limit: number }
  /** The real answer, with a total that is wrong by so many. */
  | { readonly kind: 'drift'; readonly by: number }
  /** The real answer, with a null among the entries of its list. */
  | { readonly kind: 'nulls' }
  /** The real answer, which repeats the credential that it was asked with. */
  | { readonly kind: 'echo' };

/** Which of the calls that match are hit; all of them when it is missing. */
export type FaultWhen =
  /** A seeded share of them, 0 to 1. */
  | { readonly rate: number; readonly seed?: number }
  /** Only the n-th, from 1, since the rule was added. */
  | { readonly nth: number }
  /** The first so many. */
  | { readonly first: number }
  /** Those that arrive in this time, epoch milliseconds by the server's clock; the end is not part of it. */
  | { readonly from: number; readonly until: number };

export interface FaultRule {
  /** Missing: every API. */
  readonly api?: Api;
  /** A part of path and query (without the apikey), percent-encoded or not. */
  readonly path?: string;
  readonly method?: string;
  readonly effect: FaultEffect;
  readonly when?: FaultWhen;
  /** The rule ends after it was applied so often. */
  readonly count?: number;
}

export interface FaultReport extends FaultRule {
  readonly id: string;
  /** Calls that matched, and those that were hit. */
  readonly matched: number;
  readonly applied: number;
}

export interface Faults {
  /** Throws a `RangeError` that says what is wrong with the rule. */
  add(rule: FaultRule): string;
  list(): readonly FaultReport[];
  /** Everything that passes, at once: a seeded share of the calls is hit by something. Throws a `RangeError` that says what is wrong with it. */
  storm(options: StormOptions): string;
  storms(): readonly StormReport[];
  /** One rule or storm, or all of them. */
  clear(id?: string): void;
  /** What the first rule that hits this call does, else the first storm that does; every rule counts what it matched. */
  hit(call: Call): FaultEffect | undefined;
}

interface Active {
  readonly id: string;
  readonly rule: FaultRule;
  readonly dice: Random;
  matched: number;
  applied: number;
}

/** `isProven`: whether the access token of a call has brought a good answer before. */
export function createFaults(isProven: (call: Call) => boolean = () => true): Faults {
  let rules: Active[] = [];
  let storms: Storm[] = [];
  let added = 0;
  return {
    add(rule) {
      check(rule);
      const id = `fault-${++added}`;
      const seed = rule.when && 'rate' in rule.when ? (rule.when.seed ?? 1) : 1;
      rules.push({ id, rule, dice: random('fault', seed), matched: 0, applied: 0 });
      return id;
    },
    storm(options) {
      const storm = createStorm(`storm-${added + 1}`, options);
      added++;
      storms.push(storm);
      return storm.id;
    },
    storms: () => storms.map((storm) => storm.report()),
    list: () => rules.map(({ id, rule, matched, applied }) => ({ ...rule, id, matched, applied })),
    clear(id) {
      rules = id === undefined ? [] : rules.filter((r) => r.id !== id);
      storms = id === undefined ? [] : storms.filter((storm) => storm.id !== id);
    },
    hit(call) {
      const hits = rules.filter((active) => matches(active.rule, call)).filter((active) => strikes(active, call.at));
      const [first] = hits;
      if (first) {
        first.applied++;
        return first.rule.effect;
      }
      for (const storm of storms) {
        const effect = storm.strike(call, isProven);
        if (effect) return effect;
      }
      return undefined;
    },
  };
}

function matches({ api, path, method }: FaultRule, call: Call): boolean {
  if (api !== undefined && api !== call.api) return false;
  if (method !== undefined && method !== call.method) return false;
  return path === undefined || targetOf(call).includes(path) || decoded(call).includes(path);
}

function decoded({ path, query }: Call): string {
  return `${path}?${[...query]
    .filter(([name]) => name !== 'apikey')
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`;
}

function strikes(active: Active, at: number): boolean {
  const { when, count } = active.rule;
  active.matched++;
  if (count !== undefined && active.applied >= count) return false;
  if (when === undefined) return true;
  if ('rate' in when) return active.dice.chance(when.rate);
  if ('from' in when) return at >= when.from && at < when.until;
  return 'nth' in when ? active.matched === when.nth : active.matched <= when.first;
}

const effects: Readonly<Record<FaultEffect['kind'], string | undefined>> = {
  status: 'status',
  latency: 'ms',
  drop: undefined,
  hang: undefined,
  truncatedBody: undefined,
  malformedJson: undefined,
  emptyBody: undefined,
  tokenExpired: undefined,
  quotaExceeded: undefined,
  premium: undefined,
  retryAfter: 'seconds',
  searchLimit: 'limit',
  drift: 'by',
  nulls: undefined,
  echo: undefined,
};
const onlySpotify = ['tokenExpired', 'premium', 'searchLimit'];

function check(rule: FaultRule): void {
  const { api, path, method, effect, when, count }: { [K in keyof FaultRule]: unknown } = rule;
  const demand = (holds: boolean, text: string): void => {
    if (!holds) throw new RangeError(`fault: ${text}`);
  };
  demand(api === undefined || apis.includes(api as Api), `api "${String(api)}" is unknown, use ${apis.slice(0, -1).join(', ')} or ${apis.at(-1)}`);
  demand(
    [path, method].every((text) => text === undefined || typeof text === 'string'),
    'path and method must be texts',
  );
  const { kind, ...values } = (effect ?? {}) as Record<string, unknown>;
  demand(typeof kind === 'string' && Object.hasOwn(effects, kind), `effect.kind must be one of ${Object.keys(effects).join(', ')}`);
  const needed = effects[kind as FaultEffect['kind']];
  demand(
    needed === undefined || isCount(kind === 'drift' ? Math.abs(Number(values[needed])) : values[needed]),
    `effect "${String(kind)}" needs a number "${needed}"`,
  );
  demand(kind !== 'status' || isStatus(values['status']), 'effect "status" needs a status from 200 to 599');
  demand(api === 'spotify' || !onlySpotify.includes(kind as string), `effect "${String(kind)}" needs api "spotify"`);
  demand(when === undefined || isWhen(when), 'when must be {rate, seed?}, {nth}, {first} or {from, until}');
  demand(count === undefined || isCount(count), 'count must be a number');
}

function isWhen(when: unknown): boolean {
  if (typeof when !== 'object' || when === null) return false;
  const names = Object.keys(when);
  return (
    ['rate', 'nth', 'first', 'from'].filter((n) => names.includes(n)).length === 1 &&
    names.includes('from') === names.includes('until') &&
    Object.entries(when).every(([n, v]) => ['rate', 'seed', 'nth', 'first', 'from', 'until'].includes(n) && isCount(v))
  );
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

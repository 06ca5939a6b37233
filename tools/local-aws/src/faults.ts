/** The services as fault rules and request counts name them. */
export type ServiceName = 's3' | 'kinesis' | 'dynamodb' | 'secretsmanager' | 'sts';

/**
 * What happens to a call:
 * - `throttle`: the service's own throttling error (S3 `SlowDown` 503, Kinesis and DynamoDB `ProvisionedThroughputExceededException`, else `ThrottlingException`); nothing is done.
 * - `error500`: an internal error of the service; nothing is done.
 * - `drop`: the connection is closed before anything is done.
 * - `lostAnswer`: the operation is done and durable, then the connection is closed without an answer.
 * - `latencyMs`: the call waits so many milliseconds first, then goes on (or meets the next rule).
 * - `partialRate`: a Kinesis `PutRecords` refuses this share (0 to 1) of its records.
 */
export type FaultEffect = 'throttle' | 'error500' | 'drop' | 'lostAnswer' | { readonly latencyMs: number } | { readonly partialRate: number };

/** Which calls, what happens to them, and when. Without `rate`, `nth` and `first` every matching call is hit. */
export interface FaultRule {
  /** `*`: all services. */
  readonly service: ServiceName | '*';
  /** The API's name, e.g. `PutObject`, `PutRecords`; `*`: all. */
  readonly operation: string;
  /** Substring of the S3 bucket's name. */
  readonly bucket?: string;
  /** Substring of the S3 object's key. */
  readonly key?: string;
  /** Substring of the stream's, table's or secret's name. */
  readonly resource?: string;
  readonly effect: FaultEffect;
  /** Share (0 to 1) of the matching calls, drawn from a sequence that `seed` fixes. */
  readonly rate?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Only the n-th matching call, counted from 1. */
  readonly nth?: number;
  /** Only the first n matching calls. */
  readonly first?: number;
  /** At most so many calls are hit, then the rule rests. */
  readonly count?: number;
}

/** A rule and what it has done so far. */
export interface FaultStatus {
  readonly rule: FaultRule;
  readonly matched: number;
  readonly fired: number;
}

/** What a rule is matched against. */
export interface FaultTarget {
  readonly service: ServiceName;
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly resource?: string;
}

/** What is to happen to one call. */
export interface FaultDecision {
  readonly latencyMs: number;
  readonly effect?: 'throttle' | 'error500' | 'drop' | 'lostAnswer';
  readonly partial?: { readonly partialRate: number; random(): number };
}

/** The faults that are asked for; rules are matched in the order they were added, the first that ends the call wins. */
export interface Faults {
  /** Adds rules. Throws an Error that says what is wrong with them; then none is added. */
  add(...rules: FaultRule[]): void;
  list(): FaultStatus[];
  clear(): void;
  /** Counts the call in every matching rule and says what happens to it. */
  decide(target: FaultTarget): FaultDecision;
}

interface LiveRule {
  readonly rule: FaultRule;
  readonly random: () => number;
  matched: number;
  fired: number;
}

export function createFaults(): Faults {
  let live: LiveRule[] = [];
  return {
    add(...rules) {
      rules.forEach(checkRule);
      live.push(...rules.map((rule) => ({ rule, random: seededRandom(rule.seed ?? 1), matched: 0, fired: 0 })));
    },
    list: () => live.map(({ rule, matched, fired }) => ({ rule, matched, fired })),
    clear() {
      live = [];
    },
    decide(target) {
      const hits = live.filter((one) => matches(one.rule, target) && fires(one));
      const effects = hits.map((hit) => hit.rule.effect);
      const partial = hits.find((hit) => typeof hit.rule.effect === 'object' && 'partialRate' in hit.rule.effect);
      return {
        latencyMs: effects.reduce((sum, effect) => sum + (typeof effect === 'object' && 'latencyMs' in effect ? effect.latencyMs : 0), 0),
        effect: effects.find((effect) => typeof effect === 'string'),
        partial: partial && { partialRate: (partial.rule.effect as { partialRate: number }).partialRate, random: partial.random },
      };
    },
  };
}

function matches(rule: FaultRule, target: FaultTarget): boolean {
  const has = (part: string | undefined, whole: string | undefined): boolean => part === undefined || (whole ?? '').includes(part);
  return (
    (rule.service === '*' || rule.service === target.service) &&
    (rule.operation === '*' || rule.operation === target.operation) &&
    has(rule.bucket, target.bucket) &&
    has(rule.key, target.key) &&
    has(rule.resource, target.resource)
  );
}

/** Every matching call draws from the sequence, whether it is hit or not: so the n-th call's fate depends on the seed alone. */
function fires(one: LiveRule): boolean {
  const { rule } = one;
  one.matched += 1;
  const drawn = rule.rate === undefined || one.random() < rule.rate;
  const due = (rule.nth === undefined || one.matched === rule.nth) && (rule.first === undefined || one.matched <= rule.first);
  const fire = drawn && due && (rule.count === undefined || one.fired < rule.count);
  if (fire) one.fired += 1;
  return fire;
}

const SERVICES = ['s3', 'kinesis', 'dynamodb', 'secretsmanager', 'sts', '*'];
const EFFECTS = ['throttle', 'error500', 'drop', 'lostAnswer'];
const MEMBERS = ['service', 'operation', 'bucket', 'key', 'resource', 'effect', 'rate', 'seed', 'nth', 'first', 'count'];

function checkRule(rule: FaultRule): void {
  const bad = (what: string): never => {
    throw new Error(`fault rule ${JSON.stringify(rule)}: ${what}`);
  };
  if (typeof rule !== 'object' || rule === null) bad('must be an object');
  const unknown = Object.keys(rule).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) bad(`unknown member ${unknown} (known: ${MEMBERS.join(', ')})`);
  if (!SERVICES.includes(rule.service)) bad(`service must be one of ${SERVICES.join(', ')}`);
  if (typeof rule.operation !== 'string' || rule.operation === '') bad('operation must be the name of an API operation, or *');
  if (!isEffect(rule.effect)) bad(`effect must be one of ${EFFECTS.join(', ')}, {"latencyMs": n} or {"partialRate": 0 to 1}`);
  if (rule.rate !== undefined && !(rule.rate >= 0 && rule.rate <= 1)) bad('rate must be from 0 to 1');
  for (const name of ['nth', 'first', 'count', 'seed'] as const) {
    const value = rule[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= (name === 'seed' ? 0 : 1))) bad(`${name} must be a whole number`);
  }
}

function isEffect(effect: unknown): boolean {
  if (typeof effect === 'string') return EFFECTS.includes(effect);
  if (typeof effect !== 'object' || effect === null) return false;
  const { latencyMs, partialRate } = effect as { latencyMs?: unknown; partialRate?: unknown };
  if (typeof latencyMs === 'number') return latencyMs >= 0;
  return typeof partialRate === 'number' && partialRate >= 0 && partialRate <= 1;
}

/** Mulberry32: 32 bits of state are plenty for faults, and the sequence is the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

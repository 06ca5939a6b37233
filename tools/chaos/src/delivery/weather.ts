import type { FaultEffect, WatchedCall } from '@loadin/local-aws';
import { createHash } from 'node:crypto';

/** What can happen to any call on its way, by the names under which it is counted. */
export const WEATHER_KINDS = [
  'lost answer',
  'S3 throttle',
  'Kinesis partial failure',
  'Kinesis throttle',
  'DynamoDB throttle',
  'server error',
  'dropped connection',
  'hung connection',
  'slow answer',
] as const;

export type WeatherKind = (typeof WEATHER_KINDS)[number];

/** Shares of the calls that can meet the kind, 0 to 1; of a partial failure, the share of the records of a request, too. */
export type WeatherRates = Readonly<Partial<Record<WeatherKind, number>>>;

export interface Strike {
  readonly kind: WeatherKind;
  readonly effect: FaultEffect | undefined;
}

const RETRIES_GIVE_UP_MS = 2_500;
const SLOW_MS = 400;

/**
 * The weather of a scenario. What happens to the n-th call of a kind follows from the seed, the call and n alone, in whatever order calls arrive. A hung
 * connection is one on which nothing is heard for longer than a lease lasts; then it breaks.
 */
export function createWeather(seed: number, rates: WeatherRates): (call: WatchedCall) => Promise<Strike | undefined> {
  const times = new Map<string, number>();
  return async (call) => {
    const target = targetOf(call);
    const nth = (times.get(target) ?? 0) + 1;
    times.set(target, nth);
    const [chance, depth] = drawn(seed, target, nth);
    let below = 0;
    const kind = WEATHER_KINDS.filter((each) => canMeet(each, call)).find((each) => chance < (below += rates[each] ?? 0));
    if (kind === undefined) return undefined;
    if (kind === 'hung connection') await leftHanging(call, RETRIES_GIVE_UP_MS * (0.5 + depth));
    return { kind, effect: effectOf(kind, depth) };
  };
}

/** Ids of runs are the same for every seed; write ids and revisions are not, and are not part of it. */
const targetOf = ({ operation, key, resource, input }: WatchedCall): string => {
  const item = (input?.['Item'] ?? input?.['Key']) as { pk?: { S?: string } } | undefined;
  return [operation, key ?? item?.pk?.S ?? resource].join(' ');
};

function drawn(...parts: readonly unknown[]): [number, number] {
  const bytes = createHash('md5').update(parts.join('\n')).digest();
  return [bytes.readUInt32LE(0) / 2 ** 32, bytes.readUInt32LE(4) / 2 ** 32];
}

function canMeet(kind: WeatherKind, { service, operation }: WatchedCall): boolean {
  switch (kind) {
    case 'S3 throttle':
      return service === 's3';
    case 'Kinesis throttle':
      return service === 'kinesis';
    case 'DynamoDB throttle':
      return service === 'dynamodb';
    case 'Kinesis partial failure':
      return operation === 'PutRecords';
    default:
      return true;
  }
}

function effectOf(kind: WeatherKind, depth: number): FaultEffect | undefined {
  switch (kind) {
    case 'lost answer':
      return 'lostAnswer';
    case 'S3 throttle':
    case 'Kinesis throttle':
    case 'DynamoDB throttle':
      return 'throttle';
    case 'Kinesis partial failure':
      return { partialRate: 0.05 + depth * 0.45 };
    case 'server error':
      return 'error500';
    case 'dropped connection':
    case 'hung connection':
      return 'drop';
    case 'slow answer':
      return { latencyMs: 20 + depth * SLOW_MS };
  }
}

/** Until the time is over or the client has given up. */
function leftHanging({ gone }: WatchedCall, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    gone.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      gone.removeEventListener('abort', done);
      resolve();
    }
    if (gone.aborted) done();
  });
}

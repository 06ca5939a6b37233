import type { Limits, LimitsPatch } from '../types.js';

export function createLimits(patch: LimitsPatch = {}): Limits {
  const limits: Limits = {
    spotify: {
      rollingWindowMs: 30_000,
      callsPerWindow: 180,
      maxSearchLimit: 10,
      maxSearchItems: 1000,
      nullEvery: 60,
      developmentMode: true,
      tokenTtlSeconds: 3600,
    },
    gateway: { perSecond: 10, burst: 20, perDay: 10_000, defaultLimit: 100, maxLimit: 500, heedsSince: true, givesSince: true },
    ticketmaster: { perSecond: 5, secondMs: 950, perDay: 5000, maxSize: 200, maxItems: 1000, leeway: 200, maxTotalElements: 10_000 },
  };
  changeLimits(limits, patch);
  return limits;
}

/** Throws a `RangeError` that names the limit, and changes nothing then. */
export function changeLimits(limits: Limits, patch: unknown): void {
  const changes: (() => void)[] = [];
  for (const [api, values] of entriesOf(patch, 'limits')) {
    if (api !== 'spotify' && api !== 'ticketmaster' && api !== 'gateway')
      throw new RangeError(`limits.${api}: unknown API, use spotify, ticketmaster or gateway`);
    const known: Record<string, unknown> = limits[api] as never;
    for (const [name, value] of entriesOf(values, `limits.${api}`)) {
      const is = typeof known[name];
      if (is === 'undefined') throw new RangeError(`limits.${api}.${name}: unknown limit, use one of ${Object.keys(known).join(', ')}`);
      if (typeof value !== is || (typeof value === 'number' && !(value >= 0)))
        throw new RangeError(`limits.${api}.${name}: must be a ${is}${is === 'number' ? ' of 0 or more' : ''}`);
      changes.push(() => (known[name] = value));
    }
  }
  changes.forEach((change) => change());
}

function entriesOf(value: unknown, name: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`${name}: must be an object`);
  return Object.entries(value).filter(([, v]) => v !== undefined);
}

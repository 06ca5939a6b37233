// Called millions of times: a local name is much faster than a global one where scripts run in contexts of their own, as in Jest.
const { imul, floor } = Math;

/** A repeatable stream of pseudo-random choices. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, n). */
  int(n: number): number;
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Around 0 with a standard deviation of about 1. */
  gaussian(): number;
}

/** Mixes numbers and words into 32 bits: every entity has its own stream, so that adding one changes no other. */
export function hash32(...parts: readonly (number | string)[]): number {
  let h = 0x811c9dc5;
  const mix = (value: number): void => {
    h = imul(h ^ value, 0x01000193);
    h ^= h >>> 15;
  };
  for (const part of parts) {
    if (typeof part === 'number') mix(part | 0);
    else for (let i = 0; i < part.length; i++) mix(part.charCodeAt(i));
  }
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export function random(...parts: readonly (number | string)[]): Random {
  let state = hash32(...parts);
  // mulberry32: 32 bits of state are plenty for a few dozen choices per entity.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    int: (n) => floor(next() * n),
    between: (low, high) => low + floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (from) => from[floor(next() * from.length)] as (typeof from)[number],
    gaussian: () => next() + next() + next() + next() + next() + next() - 3,
  };
}

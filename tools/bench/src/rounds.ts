/** The mean of the two in the middle for an even number; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** What one of the things compared took in each round. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Measures several things in turn, round by round, so that whatever else the machine does meets all of them alike. Every other round goes
 * the other way round, because what comes first finds another cache than what comes last.
 * @param warmUps rounds before these that don't count
 */
export async function interleaved<Name extends string>(
  measures: Readonly<Record<Name, () => number | Promise<number>>>,
  { rounds, warmUps = 1 }: { readonly rounds: number; readonly warmUps?: number },
): Promise<Rounds<Name>> {
  const names = Object.keys(measures) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const value = await measures[name]();
      if (round >= 0) measured[name].push(value);
    }
  }
  return measured;
}

/** The median of what the one is of the other in each round. */
export function medianRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((value, round) => value / (to[round] ?? NaN)));
}

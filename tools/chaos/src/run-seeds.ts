import type { OpenSuite, Outcome, Suite } from './suite.js';

export interface SeedsResult {
  readonly seeds: number;
  readonly failed: readonly { readonly seed: number; readonly findings: readonly string[] }[];
  /** Of all seeds together. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The command that repeats one seed. */
export const commandOf = (suite: string, seed: number): string => `npm run chaos -- ${suite} --seed ${seed}`;

/** Runs a suite's scenario for each seed, as many at the same time as the suite allows; `told` hears of each as soon as it has ended. */
export async function runSeeds(
  suite: Suite,
  seeds: Iterable<number>,
  told: (seed: number, outcome: Outcome) => void = () => undefined,
): Promise<SeedsResult> {
  const opened = await suite.open();
  const failed: { seed: number; findings: readonly string[] }[] = [];
  const counts: Record<string, number> = {};
  let done = 0;
  const rest = seeds[Symbol.iterator]();
  const runOneAfterTheOther = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      const seed = next.value;
      const outcome = await outcomeOf(opened, seed);
      done += 1;
      if (outcome.findings.length > 0) failed.push({ seed, findings: outcome.findings });
      for (const [name, count] of Object.entries(outcome.counts)) counts[name] = (counts[name] ?? 0) + count;
      told(seed, outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: suite.atOnce ?? 1 }, runOneAfterTheOther));
  } finally {
    await opened.close();
  }
  return { seeds: done, failed: failed.sort((a, b) => a.seed - b.seed), counts };
}

const outcomeOf = (opened: OpenSuite, seed: number): Promise<Outcome> =>
  opened.run(seed).catch((error: unknown): Outcome => ({ findings: [brokenBy(error)], counts: {} }));

/** Seeds from one on, until the time is over. */
export function* seedsUntil(first: number, deadline: number, now: () => number = Date.now): Generator<number> {
  for (let seed = first; now() < deadline; seed += 1) yield seed;
}

/** The stack is what whoever looks for the mistake needs. */
const brokenBy = (error: unknown): string => `the scenario broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

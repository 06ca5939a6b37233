import type { Outcome, Suite } from './suite.js';

export interface SeedsResult {
  readonly seeds: number;
  readonly failed: readonly { readonly seed: number; readonly findings: readonly string[] }[];
  /** Of all seeds together. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The command that repeats one seed. */
export const commandOf = (suite: string, seed: number): string => `npm run chaos -- ${suite} --seed ${seed}`;

/** Runs a suite's scenario for each seed, one after the other; `told` hears of each as soon as it has ended. */
export async function runSeeds(
  suite: Suite,
  seeds: readonly number[],
  told: (seed: number, outcome: Outcome) => void = () => undefined,
): Promise<SeedsResult> {
  const opened = await suite.open();
  const failed: { seed: number; findings: readonly string[] }[] = [];
  const counts: Record<string, number> = {};
  try {
    for (const seed of seeds) {
      const outcome = await opened.run(seed).catch((error: unknown): Outcome => ({ findings: [brokenBy(error)], counts: {} }));
      if (outcome.findings.length > 0) failed.push({ seed, findings: outcome.findings });
      for (const [name, count] of Object.entries(outcome.counts)) counts[name] = (counts[name] ?? 0) + count;
      told(seed, outcome);
    }
  } finally {
    await opened.close();
  }
  return { seeds: seeds.length, failed, counts };
}

/** The stack is what whoever looks for the mistake needs. */
const brokenBy = (error: unknown): string => `the scenario broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

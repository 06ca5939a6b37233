import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks } from '../checks/checks.js';
import { runStorm } from '../storm.js';
import type { Mutant } from './mutant.js';
import { bundleInto } from './programs.js';

/** What became of one mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /** The check that has to find it did. */
  readonly caught: boolean;
  /** That check finds nothing when the same is done without the fault. Storms show that for the command; for a driver it is tried. */
  readonly sound: boolean;
  /** What the check found first. */
  readonly finding: string | undefined;
  /** The other checks that found something. */
  readonly others: readonly string[];
  readonly seconds: number;
}

/** Puts a mutant through its scenario, in processes of its own, and lets the checks look at what it leaves behind. Throws an `Error` for a mutant that has gone stale. */
export async function judge(mutant: Mutant): Promise<Verdict> {
  const began = performance.now();
  const found = await findings(mutant, true);
  const sound = mutant.driver === undefined || !(await findings(mutant, false)).has(mutant.caughtBy);
  return {
    mutant,
    sound,
    caught: found.has(mutant.caughtBy),
    finding: found.get(mutant.caughtBy)?.[0],
    others: [...found.keys()].filter((name) => name !== mutant.caughtBy),
    seconds: (performance.now() - began) / 1_000,
  };
}

/** By check. */
async function findings(mutant: Mutant, withFault: boolean): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'loadin mutant '));
  try {
    const main = await bundleInto(folder, { driver: mutant.driver, ...(withFault && { mutant }) });
    const { evidence } = await runStorm(mutant.scenario, { main, zip: '' });
    return new Map(checks.map((check) => [check.name, check.find(evidence)] as const).filter(([, sentences]) => sentences.length > 0));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

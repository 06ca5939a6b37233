import { createRandom } from '../random.js';
import type { FaultOptions } from './fault-options.js';
import { createFaults, type Faults } from './faults.js';

export interface SeedsOptions {
  /** Default: 1. */
  readonly first?: number;
  /** Default: 20. */
  readonly count?: number;
}

/** One try of a test with one seed. */
export interface SeededTry {
  readonly seed: number;
  /** Random numbers of this seed, for the test's own choices. */
  readonly random: () => number;
  /** The faults of one more process. They are told when the try fails. */
  faults(options?: Omit<FaultOptions, 'seed'>): Faults;
}

/**
 * Runs a test with one seed after the other. The first that fails ends it with an Error that says which seed it was, how to repeat it alone and
 * which faults had happened; `cause` is what was thrown.
 */
export async function underSeeds({ first = 1, count = 20 }: SeedsOptions, test: (seeded: SeededTry) => Promise<void>): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1) {
    const processes: Faults[] = [];
    const faults = (options: Omit<FaultOptions, 'seed'> = {}): Faults => {
      const made = createFaults({ ...options, seed: seed * 1_000 + processes.length });
      processes.push(made);
      return made;
    };
    try {
      await test({ seed, random: createRandom(seed), faults });
    } catch (cause) {
      const happened = processes.map((each, index) => `\n  process ${index + 1}, ${each.describe()}`).join('');
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Seed ${seed} fails; repeat it alone with underSeeds({ first: ${seed}, count: 1 }, …): ${message}${happened}`, { cause });
    }
  }
}

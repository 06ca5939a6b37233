import type { OpenSuite, Outcome, Suite } from '../../suite.js';
import { judge, type Verdict } from './judge.js';
import type { Mutant } from './mutant.js';
import { mutants } from './mutants.js';

/** Seed n is the n-th mutant. */
export const mutantSuite: Suite = {
  name: 'mutants',
  what: 'the product broken on purpose, each time in another way: a check of deliveries has to find it (a seed is a mutant)',
  seeds: mutants.length,
  onlyNamed: true,
  atOnce: 3,
  open: async (): Promise<OpenSuite> => ({
    async run(seed): Promise<Outcome> {
      // Whoever asks for more begins anew.
      const verdict = await judge(mutants[(seed - 1) % mutants.length] as Mutant);
      return { told: rowOf(seed, verdict), findings: problemsOf(verdict), counts: { mutants: 1, caught: verdict.caught ? 1 : 0 } };
    },
    close: async () => undefined, // every mutant has servers of its own
  }),
};

const rowOf = (seed: number, { mutant, caught, seconds }: Verdict): string =>
  `${String(seed).padStart(4)}  ${mutant.name.padEnd(36)}${`${seconds.toFixed(0)} s`.padStart(6)}  ${caught ? `caught: ${mutant.caughtBy}` : 'NOT CAUGHT'}`;

function problemsOf({ mutant, caught, sound, others }: Verdict): string[] {
  const found = others.length === 0 ? 'no check' : others.map((name) => `"${name}"`).join(', ');
  return [
    ...(caught ? [] : [`"${mutant.name}" (${mutant.what}) was not found by "${mutant.caughtBy}", but by ${found}`]),
    ...(sound ? [] : [`"${mutant.caughtBy}" finds something without "${mutant.name}", too`]),
  ];
}

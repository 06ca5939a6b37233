import type { OpenSuite, Outcome, Suite } from '../../suite.js';
import { judge, type Verdict } from './judge.js';
import type { LoadMutant } from '../../bronze/mutants/load-mutant.js';
import { mutants } from './mutants.js';
import { judgeLoad, type LoadVerdict } from '../../bronze/mutants/judge-load.js';
import { loadMutants } from '../../bronze/mutants/load-mutants.js';
import { DuckDBInstance } from '@duckdb/node-api';
import { startPostgres } from '@loadin/postgres';

/** Seed n is the n-th mutant. */
export const mutantSuite: Suite = {
  name: 'mutants',
  what: 'the product broken on purpose, each time in another way: a check of deliveries or of loads has to find it (a seed is a mutant)',
  seeds: mutants.length + loadMutants.length,
  onlyNamed: true,
  atOnce: 3,
  async open(): Promise<OpenSuite> {
    // All others have servers of their own.
    let shared: Promise<Servers> | undefined;
    return {
      async run(seed): Promise<Outcome> {
        // Whoever asks for more begins anew.
        const number = (seed - 1) % (mutants.length + loadMutants.length);
        const mutant = mutants[number];
        return mutant === undefined
          ? outcomeOfLoad(seed, await judgeLoad(loadMutants[number - mutants.length] as LoadMutant, await (shared ??= start())))
          : outcomeOf(seed, await judge(mutant));
      },
      async close() {
        const servers = await shared;
        servers?.duckdb.closeSync();
        await servers?.postgres.stop();
      },
    };
  },
};

type Servers = Parameters<typeof judgeLoad>[1];

async function start(): Promise<Servers> {
  const [postgres, duckdb] = await Promise.all([startPostgres(), DuckDBInstance.create(':memory:', { threads: '1' })]);
  return { postgres, duckdb };
}

const outcomeOf = (seed: number, verdict: Verdict): Outcome => ({
  told: rowOf(seed, verdict.mutant.name, verdict.seconds, verdict.caught ? verdict.mutant.caughtBy : undefined),
  findings: problemsOf(verdict),
  counts: { mutants: 1, caught: verdict.caught ? 1 : 0 },
});

function outcomeOfLoad(seed: number, { mutant, finding, others, seconds }: LoadVerdict): Outcome {
  const missed = `"${mutant.name}" (${mutant.what}) was not found by what says "${mutant.finds}"; found was: ${others.join('; ') || 'nothing'}`;
  return {
    told: rowOf(seed, mutant.name, seconds, finding),
    findings: finding === undefined ? [missed] : [],
    counts: { mutants: 1, caught: finding === undefined ? 0 : 1 },
  };
}

const rowOf = (seed: number, name: string, seconds: number, caught: string | undefined): string =>
  `${String(seed).padStart(4)}  ${name.padEnd(36)}${`${seconds.toFixed(0)} s`.padStart(6)}  ${caught === undefined ? 'NOT CAUGHT' : `caught: ${caught}`}`;

function problemsOf({ mutant, caught, sound, others }: Verdict): string[] {
  const found = others.length === 0 ? 'no check' : others.map((name) => `"${name}"`).join(', ');
  return [
    ...(caught ? [] : [`"${mutant.name}" (${mutant.what}) was not found by "${mutant.caughtBy}", but by ${found}`]),
    ...(sound ? [] : [`"${mutant.caughtBy}" finds something without "${mutant.name}", too`]),
  ];
}

import type { DuckDBInstance } from '@duckdb/node-api';
import type { PostgresServer } from '@loadin/postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleInto } from '../../delivery/mutants/programs.js';
import { runLoadStorm } from '../storm.js';
import type { LoadMutant } from './load-mutant.js';

/** What became of one mutant. */
export interface LoadVerdict {
  readonly mutant: LoadMutant;
  /** What it has to be found by was found. */
  readonly finding: string | undefined;
  /** What else was found. */
  readonly others: readonly string[];
  readonly seconds: number;
}

/** Puts a mutant through its scenario, in processes of its own, and lets the checks look at what it leaves behind; without the fault, with `sound`. */
export async function judgeLoad(
  mutant: LoadMutant,
  servers: { readonly postgres: PostgresServer; readonly duckdb: DuckDBInstance },
  { sound = false }: { readonly sound?: boolean } = {},
): Promise<LoadVerdict> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'loadin mutant '));
  try {
    const main = await bundleInto(folder, sound ? {} : { mutant });
    const { findings } = await runLoadStorm(mutant.loads, { main, zip: '' }, servers);
    const finding = findings.find((text) => text.includes(mutant.finds));
    return { mutant, finding, others: findings.filter((text) => text !== finding), seconds: (performance.now() - began) / 1_000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

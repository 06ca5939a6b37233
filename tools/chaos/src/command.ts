import { parseArgs } from 'node:util';
import { commandOf, runSeeds, type SeedsResult } from './run-seeds.js';
import type { Suite } from './suite.js';
import { suites } from './suites.js';

const usage = [
  'Usage: npm run chaos [-- SUITE] [--seeds N | --seed N]',
  ...suites.map(({ name, what, seeds }) => `  ${name.padEnd(12)} ${what} (${seeds} seeds)`),
].join('\n');

/** Gives the exit status: 0 all held, 1 something did not, 2 wrong usage. */
export async function command(args: readonly string[]): Promise<number> {
  const asked = parsed(args);
  if (asked === undefined) {
    console.error(usage);
    return 2;
  }
  let status = 0;
  for (const suite of asked.suites) {
    const seeds = asked.seed === undefined ? Array.from({ length: asked.seeds ?? suite.seeds }, (_, i) => i + 1) : [asked.seed];
    if (!(await watched(suite, seeds))) status = 1;
  }
  return status;
}

interface Asked {
  readonly suites: readonly Suite[];
  readonly seeds?: number;
  readonly seed?: number;
}

function parsed(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seeds: { type: 'string' }, seed: { type: 'string' } },
    });
    const numbers = [values.seeds, values.seed].map((text) => (text === undefined ? undefined : /^[1-9]\d{0,8}$/.test(text) ? Number(text) : NaN));
    const wanted = positionals.length === 0 ? suites : suites.filter(({ name }) => positionals.includes(name));
    const known = positionals.every((name) => suites.some((suite) => suite.name === name));
    if (!known || numbers.some(Number.isNaN) || numbers.every((n) => n !== undefined)) return undefined;
    return { suites: wanted, seeds: numbers[0], seed: numbers[1] };
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) return undefined; // an unknown option
    throw error;
  }
}

async function watched(suite: Suite, seeds: readonly number[]): Promise<boolean> {
  const began = performance.now();
  let done = 0;
  let failed = 0;
  const result = await runSeeds(suite, seeds, (seed, { findings }) => {
    done += 1;
    if (findings.length > 0) {
      failed += 1;
      clearProgress();
      console.log(failureText(suite.name, seed, findings));
    }
    progress(`${suite.name}: ${done} of ${seeds.length} seeds, ${failed} failed, ${seconds(began)} s`, done % 25 === 0 && done < seeds.length);
  });
  clearProgress();
  console.log(summaryText(suite.name, result, seconds(began)));
  return result.failed.length === 0;
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);

export function failureText(suite: string, seed: number, findings: readonly string[]): string {
  return [
    `${suite}, seed ${seed}: ${findings.length === 1 ? 'one thing' : `${findings.length} things`} did not hold`,
    ...findings.map((text) => `  - ${text}`),
    `  again: ${commandOf(suite, seed)}`,
  ].join('\n');
}

function summaryText(suite: string, { seeds, failed, counts }: SeedsResult, took: string): string {
  const told = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const verdict = failed.length === 0 ? 'all held' : `${failed.length} failed: ${failed.map(({ seed }) => seed).join(', ')}`;
  return `${suite}: ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} in ${took} s, ${verdict}\n  ${told.join(' · ')}`;
}

/** One line that is written over on a terminal; elsewhere, a line now and then. */
function progress(text: string, now: boolean): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
  else if (now) console.error(text);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

import { parseArgs } from 'node:util';
import { runSeeds, seedsUntil } from './run-seeds.js';
import type { Suite } from './suite.js';
import { suites } from './suites.js';
import { failureText, summaryText } from './summary.js';

const usage = [
  'Usage: npm run chaos [-- SUITE …] [--seeds N | --seed N | --minutes M [--seed N]]',
  '  --seeds N     seeds 1 to N of each suite',
  '  --seed N      this seed alone: what a failure prints',
  '  --minutes M   seeds from 1 (or N) on until the time is over, which the suites share',
  ...suites.map(({ name, what, seeds }) => `  ${name.padEnd(12)}  ${what} (${seeds} seeds)`),
].join('\n');

/** Gives the exit status: 0 all held, 1 something did not, 2 wrong usage. */
export async function command(args: readonly string[]): Promise<number> {
  const asked = parsed(args);
  if (asked === undefined) {
    console.error(usage);
    return 2;
  }
  let status = 0;
  for (const suite of asked.suites) if (!(await watched(suite, seedsOf(asked, suite)))) status = 1;
  return status;
}

/** The suites that the arguments ask for; none when they can't be understood. */
export const suitesOf = (args: readonly string[]): readonly Suite[] => parsed(args)?.suites ?? [];

interface Asked {
  readonly suites: readonly Suite[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly minutes?: number;
}

/** The seeds of a suite, and how many they are where that is known beforehand. */
interface Seeds {
  readonly seeds: Iterable<number>;
  readonly count?: number;
}

function seedsOf({ suites: all, seeds, seed, minutes }: Asked, suite: Suite): Seeds {
  if (minutes !== undefined) return { seeds: seedsUntil(seed ?? 1, Date.now() + (minutes * 60_000) / all.length) };
  if (seed !== undefined) return { seeds: [seed], count: 1 };
  const count = seeds ?? suite.seeds;
  return { seeds: Array.from({ length: count }, (_, i) => i + 1), count };
}

function parsed(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seeds: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' } },
    });
    const numbers = [values.seeds, values.seed, values.minutes].map((text) => (text === undefined ? undefined : numberIn(text)));
    const [seeds, seed, minutes] = numbers;
    const wanted = suites.filter(({ name, onlyNamed = false }) => (positionals.length === 0 ? !onlyNamed : positionals.includes(name)));
    const known = positionals.every((name) => suites.some((suite) => suite.name === name));
    const contradiction = seeds !== undefined && (seed !== undefined || minutes !== undefined);
    return !known || numbers.some(Number.isNaN) || contradiction ? undefined : { suites: wanted, seeds, seed, minutes };
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) return undefined; // an unknown option
    throw error;
  }
}

const numberIn = (text: string): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : NaN);

async function watched(suite: Suite, { seeds, count }: Seeds): Promise<boolean> {
  const began = performance.now();
  const show = progress();
  let done = 0;
  let failed = 0;
  const result = await runSeeds(suite, seeds, (seed, outcome) => {
    done += 1;
    if (outcome.told !== undefined) {
      show.clear();
      console.log(outcome.told);
    }
    if (outcome.findings.length > 0) {
      failed += 1;
      show.clear();
      console.log(failureText(suite.name, seed, outcome));
    }
    show.text(`${suite.name}: ${done}${count === undefined ? '' : ` of ${count}`} seeds, ${failed} failed, ${seconds(began)} s`);
  });
  show.clear();
  console.log(summaryText(suite, result, seconds(began)));
  return result.failed.length === 0;
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);

const LINE_EVERY_MS = 30_000;

/** One line that is written over on a terminal; elsewhere, a line now and then. */
function progress(): { text(text: string): void; clear(): void } {
  let last = performance.now();
  return {
    text(text) {
      if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[2K${text}`);
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      console.error(text);
    },
    clear() {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
    },
  };
}

import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { median } from './rounds.js';

export interface ColdImport {
  /** Milliseconds of `await import(file)` in a process that has done nothing else, in the order of the runs. */
  readonly runs: readonly number[];
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/** Measured inside the process around the import alone: the start of Node itself is Lambda's business, not the bundle's. */
const script = (url: string): string =>
  `const start = performance.now(); await import(${JSON.stringify(url)}); const end = performance.now(); process.stdout.write(String(end - start)); process.exit(0);`;

/**
 * Imports a file in so many fresh processes, one after the other.
 * @param file absolute path of an ES module
 * @throws Error with what the module wrote to stderr when it can't be imported
 */
export function measureColdImport(file: string, count = 10): ColdImport {
  const runs = Array.from({ length: count }, () => importOnce(file));
  const sorted = [...runs].sort((a, b) => a - b);
  return { runs, medianMs: median(runs), fastestMs: sorted[0] ?? NaN, slowestMs: sorted.at(-1) ?? NaN };
}

function importOnce(file: string): number {
  // Neither options nor a compile cache of the caller: they would make it another measurement.
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script(pathToFileURL(file).href)], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} could not be imported: ${stderr.trim().split('\n').slice(-8).join('\n')}`);
  return Number(stdout.slice(stdout.lastIndexOf('\n') + 1));
}

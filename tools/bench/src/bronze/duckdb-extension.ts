import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = join(import.meta.dirname, '../../src/bronze');
const cache = join(import.meta.dirname, '../../../../node_modules/.cache/loadin-bench');

/** A Python that has DuckDB with its postgres extension, as requirements.txt pins them; installed from PyPI the first time. */
export async function pythonWithDuckdb(): Promise<string> {
  const requirements = join(here, 'requirements.txt');
  const version = /^duckdb==(.+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? '';
  const home = join(cache, `duckdb-${version}`);
  const python = join(home, 'bin', 'python');
  if (existsSync(join(home, 'complete'))) return python;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`DuckDB's postgres extension can't be installed, so there is nothing to compare with: python3 and PyPI are needed. ${stderr}`, {
      cause,
    });
  }
  mkdirSync(join(home, 'complete'));
  return python;
}

/** Runs the load of `duckdb-postgres.py` and answers the line that it prints. */
export async function loadWithDuckdb(python: string, url: string, table: string, folder: string): Promise<string> {
  const { stdout } = await run(python, [join(here, 'duckdb-postgres.py'), url, table, folder]);
  return stdout;
}

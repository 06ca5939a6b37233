import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigurationError } from './configuration-error.js';

/** Where a value comes from. */
export type Origin = { readonly from: 'environment' } | { readonly from: 'file'; readonly path: string } | { readonly from: 'default' };

/** The process's environment and `.env`, merged, each value with its origin. */
export interface Environment {
  /** The value of a name; undefined when it is not set, or set to nothing. */
  get(name: string): { readonly value: string; readonly origin: Origin } | undefined;
  /** Every name that is set somewhere. */
  readonly names: readonly string[];
  /** Where values are looked for, in words: `the environment`, `/srv/app/.env (not there)`. */
  readonly places: readonly string[];
}

export interface EnvironmentSource {
  /** The folder of the `.env` file. It need not have one. */
  cwd: string;
  /** The process's environment, usually `process.env`. */
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `.env` beside the environment. The environment wins, also with an empty value: `NAME= loadin run daily` takes back what `.env` says.
 * Values are trimmed; an empty one counts as not set. Throws `ConfigurationError` when there is a `.env` that can't be read.
 */
export function loadEnvironment({ cwd, env }: EnvironmentSource): Environment {
  const path = join(cwd, '.env');
  const file = readEnvFile(path);
  const values = new Map<string, { value: string; origin: Origin }>();
  for (const [name, value] of Object.entries(file ?? {})) values.set(name, { value: (value ?? '').trim(), origin: { from: 'file', path } });
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) values.set(name, { value: value.trim(), origin: { from: 'environment' } });
  }
  for (const [name, { value }] of values) if (value === '') values.delete(name);
  return {
    get: (name) => values.get(name),
    names: [...values.keys()].sort(),
    places: ['the environment', file === undefined ? `${path} (not there)` : path],
  };
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> | undefined {
  try {
    // Editors on Windows begin a file with a byte order mark, which would become part of the first name.
    return parseEnv(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ConfigurationError([
      {
        name: '.env',
        problem: `can't be read (${code ?? 'unknown error'})`,
        lookedIn: [path],
        expected: 'a text file of NAME=value lines that this user may read',
      },
    ]);
  }
}

/** An origin in words. */
export function describeOrigin(origin: Origin): string {
  if (origin.from === 'file') return origin.path;
  return origin.from === 'environment' ? 'the environment' : 'default';
}

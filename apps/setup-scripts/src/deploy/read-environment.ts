import { parseEnvironments, type EnvironmentSettings } from '@loadin/infrastructure';
import { suggestionFor } from '@loadin/config';
import { FatalError } from '@loadin/resilience';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const ENVIRONMENTS_FILE = 'loadin.environments.yaml';

/** An environment, and the file that says it. */
export interface ChosenEnvironment {
  readonly settings: EnvironmentSettings;
  readonly file: string;
}

/** @param file relative to `cwd`. @throws FatalError, EnvironmentsFileError */
export function readEnvironment(name: string, file: string, cwd: string): ChosenEnvironment {
  const path = resolve(cwd, file);
  const environments = parseEnvironments(textOf(path), path);
  const settings = environments.get(name);
  if (settings !== undefined) return { settings, file: path };
  const near = suggestionFor(name, [...environments.keys()]);
  throw new FatalError(`There is no environment ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, {
    where: path,
    hint: `Its environments are ${[...environments.keys()].join(', ')}.`,
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FatalError(`The environments file can't be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, {
      where: path,
      hint: `Say with --file where it is, or write one: version: 1, environments: { dev: { account: '123456789012', region: us-east-1 } }`,
      cause,
    });
  }
}

// The functions that run an app's code in an environment.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LIVE_ALIAS, parseEnvironments, resourceNames } from '@loadin/infrastructure';
import { DeployError } from './deploy-error.mjs';

/**
 * @param {string} workspaceRoot
 * @param {import('./arguments.mjs').DeployRequest} request
 * @returns {import('@loadin/infrastructure').EnvironmentSettings}
 * @throws {DeployError} when the file or the environment is not there; the file's own errors say where they are
 */
export function environmentOf(workspaceRoot, { file, environment }) {
  const path = resolve(workspaceRoot, file);
  if (!existsSync(path)) throw new DeployError(`there is no ${path}; say with --file where the environments are written`);
  const environments = parseEnvironments(readFileSync(path, 'utf8'), path);
  const found = environments.get(environment);
  if (found === undefined) throw new DeployError(`there is no environment ${environment} in ${path}; it has ${[...environments.keys()].join(', ')}`);
  return found;
}

/**
 * @param {string} workspaceRoot
 * @param {string} root of the app; its package.json says with `loadin.functions` which names of an environment are functions of its zip
 * @param {import('@loadin/infrastructure').EnvironmentSettings} settings
 * @returns {{ zip: Uint8Array, functions: { name: string, alias: string }[] }}
 * @throws {DeployError} when the app is no function, or is not built
 */
export function functionsOf(workspaceRoot, root, settings) {
  const keys = namedFunctions(workspaceRoot, root);
  const zip = join(workspaceRoot, root, 'dist/function.zip');
  if (!existsSync(zip)) throw new DeployError(`${root}/dist/function.zip is not there; build it: npx nx build ${root.split('/').pop()}`);
  const names = resourceNames({ ...settings, environment: settings.name });
  return { zip: readFileSync(zip), functions: keys.map((key) => ({ name: names[key], alias: LIVE_ALIAS })) };
}

/** @returns {string[]} `['ingestionFunction']` @throws {DeployError} when the app is no function */
export function namedFunctions(workspaceRoot, root) {
  const { loadin } = JSON.parse(readFileSync(join(workspaceRoot, root, 'package.json'), 'utf8'));
  if (loadin?.functions === undefined) throw new DeployError(`${root} is no function: it has no code that could be swapped alone`);
  return loadin.functions;
}

// What stands behind `nx deploy <app> --`.
import { DeployError } from './deploy-error.mjs';

export const USAGE = `Usage: nx <synth|diff|deploy> <app> [-- --environment dev] [--file <path>], synth: [--out <folder>], deploy: [--yes] [--code-only]`;

const VERBS = ['synth', 'diff', 'deploy'];

/**
 * @typedef {object} DeployRequest
 * @property {'synth' | 'diff' | 'deploy'} verb
 * @property {string} root `apps/ingestion-lambda`
 * @property {string} environment default: dev
 * @property {string} file of environments, relative to the workspace; default: loadin.environments.yaml
 * @property {boolean} codeOnly
 * @property {boolean} yes of `deploy`: it is meant, though it is production
 * @property {string} [out] of `synth`: the folder that templates are written to
 */

/** @param {string[]} args @returns {DeployRequest} @throws {DeployError} */
export function parseArguments([verb, root, ...options]) {
  if (!VERBS.includes(verb)) throw new DeployError(`${verb ?? 'nothing'} is none of ${VERBS.join(', ')}`, { usage: true });
  if (!/^apps\/[\w-]+$/.test(root ?? ''))
    throw new DeployError(`${root ?? 'nothing'} is no folder of an app, such as apps/ingestion-lambda`, { usage: true });
  const request = { verb, root, environment: 'dev', file: 'loadin.environments.yaml', codeOnly: false, yes: false };
  for (let index = 0; index < options.length; index += 1) {
    const [name, inline] = split(options[index]);
    // Nx hands `--environment dev` over as `--environment=dev`, and a switch as `--code-only=true`.
    const value = () => {
      const given = inline ?? options[(index += 1)];
      if (given === undefined || given === '') throw new DeployError(`${name} needs a value`, { usage: true });
      return given;
    };
    if (name === '--environment') request.environment = value();
    else if (name === '--file') request.file = value();
    else if (name === '--code-only' || name === '--codeOnly') request.codeOnly = inline !== 'false';
    else if (name === '--yes' && verb === 'deploy') request.yes = inline !== 'false';
    else if (name === '--out' && verb === 'synth') request.out = value();
    else throw new DeployError(`${name} is no option of ${verb}`, { usage: true });
  }
  if (request.codeOnly && verb !== 'deploy') throw new DeployError(`--code-only is for deploy, not for ${verb}`, { usage: true });
  return request;
}

function split(option) {
  const [, name, value] = /^(--[^=]+)(?:=(.*))?$/s.exec(option) ?? [undefined, option, undefined];
  return [name, value];
}

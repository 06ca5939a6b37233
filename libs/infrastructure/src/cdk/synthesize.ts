import { parseEnvironments } from '../lib/environments/parse-environments.js';
import type { StackName } from '../lib/stacks.js';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildApp } from './build-app.js';
import { stackInput } from './stack-input.js';
import type { StackDefinition } from './types.js';

/** What `loadin-setup` asks for when the CDK's command starts the app. */
export interface SynthesisRequest {
  readonly environmentsFile: string;
  readonly environment: string;
  readonly stacks: readonly StackName[];
  readonly workspace: string;
  /** Where the templates go. */
  readonly outdir: string;
}

/**
 * Writes the templates of the stacks that are asked for; only these are made, so nothing of the others has to be there.
 * @param offered what the `stack.ts` of the apps offer that were loaded
 * @throws what is wrong with the files; for findings the process gets exit status 1 and CDK prints them
 */
export function synthesize(
  offered: readonly StackDefinition[],
  { environmentsFile, environment: name, stacks, workspace, outdir }: SynthesisRequest,
): void {
  const environment = parseEnvironments(readFileSync(environmentsFile, 'utf8'), environmentsFile).get(name);
  if (environment === undefined) throw new Error(`${environmentsFile} has no environment ${name}`);
  const wanted = offered.filter((stack) => stacks.includes(stack.name));
  buildApp(wanted, stackInput({ environment, workspace, folder: dirname(environmentsFile) }), outdir).app.synth();
}

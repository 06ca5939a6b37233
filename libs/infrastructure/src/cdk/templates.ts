import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnvironments } from '../lib/environments/parse-environments.js';
import type { SynthesizedTemplate } from '../lib/role-policies.js';
import type { StackName } from '../lib/stacks.js';
import { buildApp } from './build-app.js';
import { stackInput } from './stack-input.js';
import type { StackDefinition } from './types.js';

export interface TemplatesOptions {
  readonly definitions: readonly StackDefinition[];
  /** The text of an environments file; its jobs file is looked for beside `file`. */
  readonly environments: string;
  readonly file: string;
  /** Which of them. */
  readonly name: string;
  readonly workspace: string;
}

/**
 * The templates of stacks as they are written for a deployment, for specifications: all in one synthesis, which takes two seconds and more.
 * @throws for a finding of cdk-nag or of CloudFormation's schemas, with CDK's report as its message
 */
export function templates({ definitions, environments, file, name, workspace }: TemplatesOptions): Partial<Record<StackName, SynthesizedTemplate>> {
  const environment = parseEnvironments(environments, file).get(name);
  if (environment === undefined) throw new Error(`${file} has no environment ${name}`);
  const outdir = mkdtempSync(join(tmpdir(), 'loadin-templates-'));
  try {
    const { app } = buildApp(definitions, stackInput({ environment, workspace, folder: dirname(file) }), outdir);
    app.synth();
    const read = (stack: StackName): SynthesizedTemplate =>
      JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8')) as SynthesizedTemplate;
    return Object.fromEntries(definitions.map((definition) => [definition.name, read(definition.name)]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

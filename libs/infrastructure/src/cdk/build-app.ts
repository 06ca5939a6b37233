import { App, Validations, type Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { STACKS } from '../lib/stacks.js';
import { FLAGS } from './flags.js';
import type { StackDefinition, StackInput } from './types.js';

export interface BuiltApp {
  readonly app: App;
  readonly stacks: readonly Stack[];
}

/**
 * An app of these stacks and no others, so that nothing but their own zips has to be there. Its synthesis fails for anything that cdk-nag or CloudFormation's own schemas
 * have against it and that is not accepted, with its reason, in code.
 * @param outdir where templates and files go
 */
export function buildApp(definitions: readonly StackDefinition[], input: StackInput, outdir: string): BuiltApp {
  const app = new App({ outdir, context: FLAGS, analyticsReporting: false, treeMetadata: false });
  const made = new Map(definitions.map(({ name, make }) => [name, make(app, input)]));
  // What is wired by names has no order of its own, and the CDK deploys in whichever order is quickest.
  for (const [name, stack] of made)
    for (const before of STACKS[name].after) if (made.has(before)) stack.addStackDependency(made.get(before) as Stack);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stacks: [...made.values()] };
}

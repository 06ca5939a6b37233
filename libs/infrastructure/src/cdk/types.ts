import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeployedJobs } from '../lib/deployed-jobs.js';
import type { EnvironmentSettings } from '../lib/environments/types.js';
import type { ResourceNames } from '../lib/names.js';
import type { StackName } from '../lib/stacks.js';

/** What every stack is made of. Nothing of it comes from an account: a stack is synthesized without a network. */
export interface StackInput {
  readonly environment: EnvironmentSettings;
  readonly names: ResourceNames;
  readonly jobs: DeployedJobs;
  /** The workspace's folder: `apps/<app>/dist` in it holds what was built. */
  readonly workspace: string;
  /** Where the environments file lies: it names other files from there. */
  readonly folder: string;
}

/** A stack that an app's `stack.ts` offers. */
export interface StackDefinition {
  readonly name: StackName;
  readonly make: (scope: Construct, input: StackInput) => Stack;
}

import type { Stack } from 'aws-cdk-lib';
import type { JobsFile } from '@loadin/config';
import type { Construct } from 'constructs';
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

/** The jobs file that an environment runs by. */
export interface DeployedJobs {
  readonly file: JobsFile;
  /** The file's own path; undefined: the one that is built into the apps. */
  readonly path: string | undefined;
}

/** A stack that an app's `stack.ts` offers. */
export interface StackDefinition {
  readonly name: StackName;
  readonly make: (scope: Construct, input: StackInput) => Stack;
}

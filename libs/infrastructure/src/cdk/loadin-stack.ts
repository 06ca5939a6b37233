import { CliCredentialsStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackName, type ResourceNames } from '../lib/names.js';
import { STACKS, type StackName } from '../lib/stacks.js';
import { tagsOf } from '../lib/tags.js';
import type { StackInput } from './types.js';

/**
 * An empty stack of one lifecycle, with the names and tags that it has everywhere. A production environment's is protected: CloudFormation refuses to delete it.
 * Each has a synthesizer of its own; a shared one makes every stack publish the files of all.
 */
export function loadinStack(scope: Construct, name: StackName, { environment, names }: StackInput): Stack {
  const stack = new Stack(scope, name, {
    stackName: stackName(environment.name, name),
    description: `Loadin, ${environment.name}: ${STACKS[name].description}`,
    env: { account: environment.account, region: environment.region },
    terminationProtection: environment.production,
    synthesizer: synthesizer(names),
  });
  for (const [key, value] of Object.entries(tagsOf(environment.name, 'cdk'))) Tags.of(stack).add(key, value);
  return stack;
}

/** With the keys of whoever deploys, and a bucket that the command makes: an account needs no bootstrap stack. */
const synthesizer = ({ artifactsBucket }: ResourceNames): CliCredentialsStackSynthesizer =>
  new CliCredentialsStackSynthesizer({ fileAssetsBucketName: artifactsBucket, bucketPrefix: '' });

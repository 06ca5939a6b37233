import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { arns } from '../lib/names.js';
import type { StackInput } from './types.js';

/** The jobs file beside the zips: its name is the hash of its text, so what is deployed runs by the file that it was deployed with. */
export interface JobsFileAsset {
  /** `s3://bucket/key`, what `LOADIN_JOBS` takes. */
  readonly address: string;
  readonly arn: string;
}

/** Undefined: the file that is built into the apps. */
export function jobsFileAsset(scope: Construct, { jobs: { path } }: StackInput): JobsFileAsset | undefined {
  if (path === undefined) return undefined;
  const { s3BucketName, s3ObjectKey } = new Asset(scope, 'JobsFile', { path });
  return { address: `s3://${s3BucketName}/${s3ObjectKey}`, arn: arns.objects(s3BucketName, s3ObjectKey) };
}

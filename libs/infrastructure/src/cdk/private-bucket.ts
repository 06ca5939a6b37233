import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StackInput } from './types.js';

export interface PrivateBucketOptions {
  readonly bucketName: string;
  readonly rules: readonly s3.LifecycleRule[];
  /** Default: true */
  readonly versioned?: boolean;
  /** Where its accesses are written, under the bucket's own name. Default: nowhere. */
  readonly accessLogs?: s3.IBucket;
}

/** A bucket that encrypts, takes TLS alone, is closed to the public, knows no ACLs, and outlives its stack in production. */
export function privateBucket(scope: Construct, id: string, { environment }: StackInput, options: PrivateBucketOptions): s3.Bucket {
  const { bucketName, rules, versioned = true, accessLogs } = options;
  return new s3.Bucket(scope, id, {
    bucketName,
    versioned,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(accessLogs && { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${bucketName}/` }),
    lifecycleRules: [...rules],
    removalPolicy: removalPolicyOf(environment.production),
  });
}

export const removalPolicyOf = (production: boolean): RemovalPolicy => (production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);

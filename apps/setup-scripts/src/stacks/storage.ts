import type { LifecycleRule } from '@aws-sdk/client-s3';
import { checkpointTableDefinition } from '@loadin/checkpoint-store';
import { acknowledge, loadinStack, privateBucket, removalPolicyOf, type StackDefinition, type StackInput } from '@loadin/infrastructure/cdk';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { lifecycleRules } from '../resources/lifecycle.js';

/** Everything that must outlive every other stack: the lake's buckets and the checkpoint table. */
export const storageStack: StackDefinition = {
  name: 'storage',
  make: (scope, input) => {
    const stack = loadinStack(scope, 'storage', input);
    const accessLogs = logsBucket(stack, input);
    const { names, environment } = input;
    const { glacierAfterDays: after } = environment.retention;
    const bucket = (id: string, bucketName: string, glacier: readonly s3.LifecycleRule[]): s3.Bucket =>
      privateBucket(stack, id, input, {
        bucketName,
        accessLogs,
        rules: [...standingRules(input, bucketName === names.rawBucket), ...glacier],
      });
    bucket('Raw', names.rawBucket, [toGlacier('raw/', after.raw)]);
    bucket('Bronze', names.bronzeBucket, [toGlacier('data/bronze/', after.bronze)]);
    bucket('Processed', names.processedBucket, [toGlacier('', after.processed), expireResults]);
    checkpointTable(stack, input);
    return stack;
  },
};

function logsBucket(stack: Stack, input: StackInput): s3.Bucket {
  const { accessLogDays, glacierAfterDays } = input.environment.retention;
  const glacier = glacierAfterDays.logs < accessLogDays ? [toGlacier('', glacierAfterDays.logs)] : [];
  const bucket = privateBucket(stack, 'AccessLogs', input, {
    bucketName: input.names.logsBucket,
    versioned: false,
    rules: [...glacier, { id: 'loadin-expire-access-logs', expiration: Duration.days(accessLogDays) }],
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'It holds the access logs of the other buckets; its own would be written for each of its own lines, for ever.',
  );
  return bucket;
}

/** What `loadin-setup create` sets too, with the days of the environment. */
function standingRules({ environment }: StackInput, holdsLanding: boolean): s3.LifecycleRule[] {
  const { landingDays, noncurrentDays } = environment.retention;
  return lifecycleRules(holdsLanding, { landingDays, noncurrentDays }).map(constructOf);
}

/** A rule as S3's API has it, as CDK has it. */
function constructOf({ ID, Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload }: LifecycleRule): s3.LifecycleRule {
  const { DaysAfterInitiation } = AbortIncompleteMultipartUpload ?? {};
  if (ID === undefined) throw new Error('A lifecycle rule has no name');
  return {
    id: ID,
    ...(DaysAfterInitiation !== undefined && { abortIncompleteMultipartUploadAfter: Duration.days(DaysAfterInitiation) }),
    ...(Filter?.Prefix && { prefix: Filter.Prefix }),
    ...(Expiration?.Days !== undefined && { expiration: Duration.days(Expiration.Days) }),
    ...(Expiration?.ExpiredObjectDeleteMarker && { expiredObjectDeleteMarker: true }),
    ...(NoncurrentVersionExpiration?.NoncurrentDays !== undefined && {
      noncurrentVersionExpiration: Duration.days(NoncurrentVersionExpiration.NoncurrentDays),
    }),
  };
}

/** Instant Retrieval: replays, refreshes and Athena read old objects as before; state, landing and dead letters stay where they are cheap to change. */
const toGlacier = (prefix: string, days: number): s3.LifecycleRule => ({
  id: 'loadin-to-glacier',
  ...(prefix && { prefix }),
  transitions: [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(days) }],
});

/** Results of queries can be had again. */
const expireResults: s3.LifecycleRule = { id: 'loadin-expire-athena-results', prefix: 'athena-results/', expiration: Duration.days(30) };

/** `Table` and not `TableV2`: one region needs no global table, and emulators of CloudFormation know the former alone. */
function checkpointTable(stack: Stack, { names, environment }: StackInput): void {
  const { KeySchema = [], AttributeDefinitions = [] } = checkpointTableDefinition(names.checkpointTable);
  const [key] = KeySchema;
  const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === key?.AttributeName)?.AttributeType;
  if (key?.AttributeName === undefined || type !== 'S' || KeySchema.length !== 1)
    throw new Error('The checkpoint table has another key than this stack makes');
  new dynamodb.Table(stack, 'Checkpoints', {
    tableName: names.checkpointTable,
    partitionKey: { name: key.AttributeName, type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    encryption: dynamodb.TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: environment.production,
    removalPolicy: removalPolicyOf(environment.production),
  });
}

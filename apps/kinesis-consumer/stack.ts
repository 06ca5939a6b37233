import { arns } from '@loadin/infrastructure';
import { acknowledgeStars, loadinFunction, loadinStack, type StackDefinition, type StackInput } from '@loadin/infrastructure/cdk';
import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** The function that reads the stream. */
export const stacks: readonly StackDefinition[] = [
  {
    name: 'consumer',
    make: (scope, input) => {
      const { environment, names } = input;
      const stack = loadinStack(scope, 'consumer', input);
      const failed = arns.objects(names.failedBatchesBucket, 'aws/lambda/*');
      const { live, role } = loadinFunction(stack, 'Consumer', input, {
        functionName: names.consumerFunction,
        description: 'Reads the stream: validates and counts every record',
        app: 'kinesis-consumer',
        environment: {},
        timeout: Duration.minutes(2),
        memoryMb: environment.sizes.consumerMemoryMb,
        allowed: permissions(input, failed),
      });
      acknowledgeStars(role, [failed], "Lambda names each of the objects itself, below the function's own name.");
      const mapping = new lambda.CfnEventSourceMapping(stack, 'Stream', {
        eventSourceArn: arns.stream(environment, names.stream),
        functionName: live.arn,
        startingPosition: 'TRIM_HORIZON',
        batchSize: environment.sizes.consumerBatch,
        maximumBatchingWindowInSeconds: WINDOW_SECONDS,
        ...WHEN_RECORDS_FAIL,
        destinationConfig: { onFailure: { destination: arns.bucket(names.failedBatchesBucket) } },
      });
      // Lambda tries the role when the mapping is made; a name makes no dependency of its own.
      mapping.node.addDependency(live.alias, role);
      return stack;
    },
  },
];

/** The documents': a batch is what has come in so many seconds, or a full one. */
const WINDOW_SECONDS = 5;

/** A bad record stays bad: it is tried again with ever fewer neighbours, and after that only what is left goes to the bucket and the shard goes on. */
const WHEN_RECORDS_FAIL = {
  functionResponseTypes: ['ReportBatchItemFailures'],
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 3,
  // A record that is older than what the stream keeps is gone anyway; one that blocks its shard must not take the others along.
  maximumRecordAgeInSeconds: Duration.hours(12).toSeconds(),
};

/**
 * What Lambda does in the function's name: reads the stream (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html) and keeps what failed
 * (https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html). The code itself calls nothing.
 */
const permissions = ({ environment, names }: StackInput, failed: string): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'ReadStream',
    actions: ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
    resources: [arns.stream(environment, names.stream)],
  }),
  new iam.PolicyStatement({ sid: 'KeepFailedBatches', actions: ['s3:PutObject'], resources: [failed] }),
  new iam.PolicyStatement({ sid: 'FindFailedBatches', actions: ['s3:ListBucket'], resources: [arns.bucket(names.failedBatchesBucket)] }),
];

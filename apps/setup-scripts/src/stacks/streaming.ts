import { acknowledge, loadinStack, privateBucket, removalPolicyOf, type StackDefinition } from '@loadin/infrastructure/cdk';
import { Duration } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { shardMetrics } from '../resources/shard-metrics.js';

/** The stream, as `loadin-setup create` makes it, and the bucket of batches that its consumer gave up. */
export const streamingStack: StackDefinition = {
  name: 'streaming',
  make: (scope, input) => {
    const { environment, names } = input;
    const { retention, sizes, production } = environment;
    const stack = loadinStack(scope, 'streaming', input);
    new kinesis.Stream(stack, 'Stream', {
      streamName: names.stream,
      ...(sizes.streamShards === 0
        ? { streamMode: kinesis.StreamMode.ON_DEMAND }
        : { streamMode: kinesis.StreamMode.PROVISIONED, shardCount: sizes.streamShards }),
      retentionPeriod: Duration.hours(retention.streamHours),
      encryption: kinesis.StreamEncryption.MANAGED,
      shardLevelMetrics: shardMetrics.map((name) => METRICS[name]),
      removalPolicy: removalPolicyOf(production),
    });
    const bucket = privateBucket(stack, 'FailedBatches', input, {
      bucketName: names.failedBatchesBucket,
      versioned: false,
      rules: [
        {
          id: 'loadin-expire-failed-batches',
          expiration: Duration.days(retention.failedBatchDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'Lambda alone writes to it, and what it holds expires.');
    return stack;
  },
};

const METRICS: Readonly<Record<(typeof shardMetrics)[number], kinesis.ShardLevelMetrics>> = {
  IncomingBytes: kinesis.ShardLevelMetrics.INCOMING_BYTES,
  IncomingRecords: kinesis.ShardLevelMetrics.INCOMING_RECORDS,
  OutgoingBytes: kinesis.ShardLevelMetrics.OUTGOING_BYTES,
  OutgoingRecords: kinesis.ShardLevelMetrics.OUTGOING_RECORDS,
};

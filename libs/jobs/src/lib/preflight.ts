import { toLoadinError } from '@loadin/aws';
import type { AwsConnections } from './aws-connections.js';

/** What can be asked without writing: each resolves with one line about what was found, or throws a `LoadinError` that says what to do. */
export async function checkBucket(aws: AwsConnections, bucket: string): Promise<string> {
  const { HeadBucketCommand } = await import('./sdk/s3.js');
  const client = await aws.s3();
  await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
    throw toLoadinError(error, { service: 'S3', operation: 'HeadBucket', resource: `s3://${bucket}` });
  });
  return `s3://${bucket} is there`;
}

export async function checkStream(aws: AwsConnections, streamName: string): Promise<string> {
  const { DescribeStreamSummaryCommand } = await import('./sdk/kinesis.js');
  const client = await aws.kinesis();
  const { StreamDescriptionSummary: found } = await client
    .send(new DescribeStreamSummaryCommand({ StreamName: streamName }))
    .catch((error: unknown) => {
      throw toLoadinError(error, { service: 'Kinesis', operation: 'DescribeStreamSummary', resource: `kinesis://${streamName}` });
    });
  return `${found?.StreamARN ?? streamName} is ${found?.StreamStatus ?? 'there'}, ${found?.OpenShardCount ?? '?'} open shards`;
}

export async function checkTable(aws: AwsConnections, table: string): Promise<string> {
  const { DescribeTableCommand } = await import('./sdk/dynamodb.js');
  const client = await aws.dynamodb();
  const { Table: found } = await client.send(new DescribeTableCommand({ TableName: table })).catch((error: unknown) => {
    throw toLoadinError(error, { service: 'DynamoDB', operation: 'DescribeTable', resource: `dynamodb://${table}` });
  });
  return `${found?.TableArn ?? table} is ${found?.TableStatus ?? 'there'}`;
}

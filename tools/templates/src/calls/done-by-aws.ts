/** What an AWS service does itself with a role that it was given: no bundle makes these calls, so no record has them, and no template says them (those: wired-calls.ts). */
export interface DoneByAws {
  /** Who takes the role. */
  readonly service: string;
  /** Only the roles of this stack. Default: all */
  readonly stack?: string;
  readonly actions: readonly string[];
  /** Where AWS says so. */
  readonly page: string;
}

export const DONE_BY_AWS: readonly DoneByAws[] = [
  {
    service: 'lambda.amazonaws.com',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  },
  {
    service: 'lambda.amazonaws.com',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  // Not by AWS: by OpenTelemetry's exporter in the apps, which goes past the SDK's clients that have calls on record.
  ...['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'].map((service) => ({
    service,
    actions: ['xray:PutSpans', 'xray:PutSpansForIndexing'],
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html',
  })),
  {
    service: 'lambda.amazonaws.com',
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  },
  {
    service: 'lambda.amazonaws.com',
    stack: 'ingestion',
    actions: ['sqs:SendMessage'],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  },
  {
    service: 'lambda.amazonaws.com',
    stack: 'consumer',
    actions: ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html',
  },
  {
    service: 'lambda.amazonaws.com',
    stack: 'consumer',
    actions: ['s3:PutObject', 's3:ListBucket'],
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html',
  },
  {
    service: 'ecs-tasks.amazonaws.com',
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
    page: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  },
  {
    service: 'vpc-flow-logs.amazonaws.com',
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    page: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html',
  },
];

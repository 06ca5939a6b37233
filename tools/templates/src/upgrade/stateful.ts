/** A kind of resource that holds what nobody can make again. */
export interface StatefulKind {
  readonly type: string;
  /** What CloudFormation can't change in one that is there: it makes another one and deletes the first. */
  readonly fixed: readonly string[];
}

/**
 * What has data in it, with what can't be changed, ever or in some cases, by the resource's schema in CloudFormation's registry; the independent lane compares with the schemas.
 * Of properties that are part of one, as `KeySchema` in a table, a change of the whole counts.
 */
export const STATEFUL: readonly StatefulKind[] = [
  { type: 'AWS::S3::Bucket', fixed: ['BucketName', 'BucketNamePrefix', 'BucketNamespace'] },
  { type: 'AWS::DynamoDB::Table', fixed: ['TableName', 'KeySchema', 'ImportSourceSpecification'] },
  { type: 'AWS::Kinesis::Stream', fixed: ['Name'] },
  { type: 'AWS::Logs::LogGroup', fixed: ['LogGroupName'] },
  { type: 'AWS::SQS::Queue', fixed: ['QueueName', 'FifoQueue'] },
  { type: 'AWS::ECR::Repository', fixed: ['RepositoryName', 'EncryptionConfiguration'] },
];

import { policyFindings, resolvedPolicies } from '@loadin/infrastructure';
import { templates } from '@loadin/infrastructure/cdk';
import { Template } from 'aws-cdk-lib/assertions';
import { resolve } from 'node:path';
import { stacks } from './stack.js';

const account = '123456789012';
const region = 'eu-west-1';
const { consumer: json = {} } = templates({
  definitions: stacks,
  environments: `{ version: 1, environments: { prod: { account: '${account}', region: ${region}, sizes: { consumer_batch: 500 } } } }`,
  file: 'loadin.environments.yaml',
  name: 'prod',
  workspace: resolve(import.meta.dirname, '../..'),
});
const template = Template.fromJSON(json);

it('splits a batch that fails, keeps what is left of it and goes on', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: `arn:aws:kinesis:${region}:${account}:stream/concert-data-stream`,
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 500,
    MaximumBatchingWindowInSeconds: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: 43_200,
    DestinationConfig: { OnFailure: { Destination: `arn:aws:s3:::concert-data-failed-${account}-${region}` } },
  });
});

it('may read the stream, keep what failed and write its log', () => {
  const consumer = resolvedPolicies(json, { account, region }).find(({ role }) => role.startsWith('ConsumerRole'));
  expect(Object.fromEntries(consumer?.policy.Statement.map(({ Sid = '', Resource }) => [Sid, Resource]) ?? [])).toEqual({
    WriteLog: `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/concert-data-processor:*`,
    ReadStream: `arn:aws:kinesis:${region}:${account}:stream/concert-data-stream`,
    KeepFailedBatches: `arn:aws:s3:::concert-data-failed-${account}-${region}/aws/lambda/*`,
    FindFailedBatches: `arn:aws:s3:::concert-data-failed-${account}-${region}`,
  });
  expect(policyFindings(resolvedPolicies(json, { account, region }))).toEqual([]);
});

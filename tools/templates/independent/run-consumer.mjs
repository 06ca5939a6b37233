// The function that reads the stream, as it was deployed: with what lies on the stream that was made, in batches as the mapping says that was made.
import { join } from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetFunctionConfigurationCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { arns } from '@loadin/infrastructure';
import { startLocalLambda } from '@loadin/local-lambda';
import { invoke } from './invoke.mjs';
import { recordsOf } from './stream-records.mjs';

export async function consume({ root, env, names, options }) {
  const lambda = new LambdaClient(options);
  const kinesis = new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
  const functionName = names.consumerFunction;
  try {
    const EventSourceArn = arns.stream({ account: '123456789012', region: 'us-east-1' }, names.stream);
    const { EventSourceMappings: [mapping] = [] } = await lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn }));
    if (!mapping?.FunctionArn.includes(`:function:${functionName}`)) throw new Error(`${names.stream} is not mapped to ${functionName}`);
    if (mapping.FunctionResponseTypes?.join() !== 'ReportBatchItemFailures')
      throw new Error(`failures of records are not asked for: ${JSON.stringify(mapping)}`);
    const { Environment, MemorySize, Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'independent', AWS_SECRET_ACCESS_KEY: 'independent' };
    const zip = join(root, 'apps/kinesis-consumer/dist/function.zip');
    const variables = { ...Environment?.Variables, ...keys, AWS_ENDPOINT_URL: env.AWS_ENDPOINT_URL };
    const deployed = startLocalLambda({ zip, functionName, timeoutMs: Timeout * 1000, memoryMB: MemorySize, env: variables });
    try {
      const records = (await recordsOf(kinesis, names.stream)).map((one) => eventRecord(one, EventSourceArn));
      const broken = {
        ...records[0],
        kinesis: { ...records[0].kinesis, sequenceNumber: `${records[0].kinesis.sequenceNumber}1`, data: 'bm90IGpzb24=' },
      };
      const good = await inBatches(deployed, records, mapping.BatchSize);
      const bad = await inBatches(deployed, [broken], mapping.BatchSize);
      if (good.length > 0) throw new Error(`records of our own are refused: ${JSON.stringify(good)}`);
      if (bad.join() !== broken.kinesis.sequenceNumber) throw new Error(`what is no record is not refused: ${JSON.stringify(bad)}`);
      return `${functionName} took ${records.length} records, ${mapping.BatchSize} at a time, and gave back what is none`;
    } finally {
      await deployed.stop();
    }
  } finally {
    lambda.destroy();
    kinesis.destroy();
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const eventRecord = ({ shard, raw }, eventSourceARN) => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: raw.PartitionKey,
    sequenceNumber: raw.SequenceNumber,
    data: Buffer.from(raw.Data).toString('base64'),
    approximateArrivalTimestamp: raw.ApproximateArrivalTimestamp.getTime() / 1000,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shard}:${raw.SequenceNumber}`,
  eventName: 'aws:kinesis:record',
  awsRegion: 'us-east-1',
  eventSourceARN,
});

/** @returns the sequence numbers that it gives back */
async function inBatches(deployed, records, size) {
  const failures = [];
  for (let start = 0; start < records.length; start += size) {
    const { batchItemFailures } = await invoke(deployed, { Records: records.slice(start, start + size) });
    failures.push(...batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }
  return failures;
}

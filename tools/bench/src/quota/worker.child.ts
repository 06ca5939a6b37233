// One of the processes that share a budget: reads pages until the day's calls are used up. Argument: its settings as JSON.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '@loadin/aws';
import { createDynamoStateStore } from '@loadin/checkpoint-store';
import { StopError } from '@loadin/pipeline';
import { apiKey, limitedSource } from '../limited/limited-source.js';
import type { WorkerEnd, WorkerSettings } from './worker.js';

const { url, endpoint, table, caller, perDay, limits } = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const dynamo = new DynamoDBClient(awsClientOptions({ region: 'us-east-1', endpoint, credentials }).dynamodb);
const state = createDynamoStateStore({ client: dynamo, table });
const client = limitedSource(limits, perDay).connect({ baseUrl: url, apiKey, quota: { state } });

console.log(JSON.stringify({ started: caller }));
let calls = 0;
try {
  for (;;) {
    await client.page('items', { caller });
    calls += 1;
  }
} catch (error) {
  client.close();
  const reason = error instanceof StopError && error.reason === 'quota' ? 'quota' : String(error);
  console.log(JSON.stringify({ calls, reason } satisfies WorkerEnd));
}

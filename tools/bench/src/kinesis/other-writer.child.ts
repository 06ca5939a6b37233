// Somebody else who writes 600 records a second to one of the shards, to another every two seconds, whatever they answer.
// Argument: its settings as JSON. Says ten times a second how many of its records were accepted so far.
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { clientOf, type OtherWriterSettings, type OtherWriterState } from './stream.js';

const { url, streamName, shards } = JSON.parse(process.argv[2] ?? '') as OtherWriterSettings;
const client = clientOf(url, 1);
const Data = Buffer.from('x'.repeat(100));
const start = performance.now();
let accepted = 0;

async function put(hashKey: string, count: number): Promise<void> {
  const Records = Array.from({ length: count }, (_, n) => ({ PartitionKey: `other ${n}`, ExplicitHashKey: hashKey, Data }));
  const { FailedRecordCount: failed = 0 } = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
  accepted += count - failed;
}

setInterval(() => {
  const shard = shards[Math.floor((performance.now() - start) / 2_000) % shards.length] ?? '';
  void put(shard, 60).then(() => console.log(JSON.stringify({ accepted } satisfies OtherWriterState)));
}, 100);

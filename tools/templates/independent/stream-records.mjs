import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';

/** All that lies on a stream: as Kinesis gives it, and what is in it. */
export async function recordsOf(kinesis, StreamName) {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const found = [];
  for (const { ShardId } of Shards) {
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
    for (let next = ShardIterator, empty = 0; next !== undefined && empty < 2;) {
      const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator: next }));
      found.push(...Records.map((raw) => ({ shard: ShardId, raw, record: JSON.parse(Buffer.from(raw.Data).toString('utf8')) })));
      empty = Records.length === 0 ? empty + 1 : 0;
      next = NextShardIterator;
    }
  }
  return found;
}

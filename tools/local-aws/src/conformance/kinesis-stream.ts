import {
  CreateStreamCommand,
  type CreateStreamCommandInput,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  PutRecordsCommand,
  type PutRecordsCommandOutput,
  type Shard,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import type { ConformanceClients } from './clients.js';
import { eventually } from './refusal.js';

/** A stream of a check, with the calls that many checks make. */
export interface StreamUnderTest {
  readonly name: string;
  readonly arn: string;
  summary(): Promise<StreamDescriptionSummary>;
  /** Resolves when the stream is ACTIVE again after a change. */
  settled(): Promise<StreamDescriptionSummary>;
  /** All shards, in the order of their ids. */
  shards(): Promise<Shard[]>;
  put(entries: readonly Entry[]): Promise<PutRecordsCommandOutput>;
  iterator(input: Partial<GetShardIteratorCommandInput>): Promise<string>;
  read(iterator: string | undefined, limit?: number): Promise<GetRecordsCommandOutput>;
  /** From the beginning of a shard, until `count` records have come: a page of Kinesis may be empty. */
  readAll(shardId: string, count: number): Promise<NonNullable<GetRecordsCommandOutput['Records']>>;
}

export interface Entry {
  readonly data: string | Uint8Array;
  readonly key: string;
  readonly hash?: string;
}

export const FIRST_SHARD = 'shardId-000000000000';
export const bytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);
export const texts = (records: GetRecordsCommandOutput['Records']): string[] => (records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString());

/** Runs a check with a new stream of one shard (or what `settings` say), and deletes it whatever happened. */
export async function withStream(
  clients: ConformanceClients,
  run: (stream: StreamUnderTest) => Promise<void>,
  settings: Partial<CreateStreamCommandInput> = { ShardCount: 1 },
): Promise<void> {
  const name = clients.unique('stream');
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: name, ...settings }));
  try {
    const { StreamARN } = await settled(clients, name);
    await run(streamUnderTest(clients, name, StreamARN ?? ''));
  } finally {
    await clients.kinesis.send(new DeleteStreamCommand({ StreamName: name, EnforceConsumerDeletion: true }));
  }
}

async function summary({ kinesis }: ConformanceClients, StreamName: string): Promise<StreamDescriptionSummary> {
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  if (!StreamDescriptionSummary) throw new Error('DescribeStreamSummary gave no summary');
  return StreamDescriptionSummary;
}

const settled = (clients: ConformanceClients, name: string): Promise<StreamDescriptionSummary> =>
  eventually(
    `stream ${name} is ACTIVE`,
    () => summary(clients, name),
    ({ StreamStatus }) => StreamStatus === 'ACTIVE',
  );

function streamUnderTest(clients: ConformanceClients, name: string, arn: string): StreamUnderTest {
  const { kinesis } = clients;
  const stream: StreamUnderTest = {
    name,
    arn,
    summary: () => summary(clients, name),
    settled: () => settled(clients, name),
    shards: async () => (await kinesis.send(new ListShardsCommand({ StreamName: name }))).Shards ?? [],
    put: (entries) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName: name,
          Records: entries.map(({ data, key, hash }) => ({ Data: bytes(data), PartitionKey: key, ExplicitHashKey: hash })),
        }),
      ),
    async iterator(input) {
      const command = new GetShardIteratorCommand({ StreamName: name, ShardId: FIRST_SHARD, ShardIteratorType: 'TRIM_HORIZON', ...input });
      return (await kinesis.send(command)).ShardIterator ?? '';
    },
    read: (ShardIterator, Limit) => kinesis.send(new GetRecordsCommand({ ShardIterator, Limit })),
    async readAll(shardId, count) {
      let next: string | undefined = await stream.iterator({ ShardId: shardId });
      const found: NonNullable<GetRecordsCommandOutput['Records']> = [];
      await eventually(
        `${count} records of ${shardId}`,
        async () => {
          const page: GetRecordsCommandOutput = await stream.read(next);
          next = page.NextShardIterator;
          found.push(...(page.Records ?? []));
        },
        () => found.length >= count || next === undefined,
        // Five reads a second and shard are allowed.
        { everyMs: 250 },
      );
      return found;
    },
  };
  return stream;
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { bytes, FIRST_SHARD, type StreamUnderTest, texts, withStream } from './kinesis-stream.js';
import { refused } from './refusal.js';

const small = (count: number): { data: string; key: string }[] => Array.from({ length: count }, (_, i) => ({ data: `r${i}`, key: `k${i}` }));

/** A request with this record is refused whole: the API reference names no error per record for it. */
const badRecord =
  (entry: { data: string | Uint8Array; key: string; hash?: string }, errors: string | readonly string[]) =>
  (clients: ConformanceClients): Promise<void> =>
    withStream(clients, async (stream) => {
      await refused(stream.put([entry]), errors);
    });

const rising = (numbers: readonly (string | undefined)[]): boolean =>
  numbers.every((number, i) => i === 0 || BigInt(number ?? 0) > BigInt(numbers[i - 1] ?? 0));

const shardOf = async (stream: StreamUnderTest, hash: bigint): Promise<string | undefined> =>
  (await stream.shards()).find(({ HashKeyRange }) => hash <= BigInt(HashKeyRange?.EndingHashKey ?? -1))?.ShardId;

export const writingChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/put-record',
    title: 'PutRecord stores bytes as they are',
    run: (clients) =>
      withStream(clients, async ({ name, readAll }) => {
        const Data = Uint8Array.from({ length: 256 }, (_, i) => i);
        const put = await clients.kinesis.send(new PutRecordCommand({ StreamName: name, Data, PartitionKey: 'Zürich 東京' }));
        assert.equal(put.ShardId, FIRST_SHARD);
        const [record] = await readAll(FIRST_SHARD, 1);
        assert.deepEqual(Buffer.from(record?.Data ?? []), Buffer.from(Data));
        assert.equal(record?.PartitionKey, 'Zürich 東京');
        assert.equal(record?.SequenceNumber, put.SequenceNumber);
        assert.ok(Math.abs(Date.now() - (record?.ApproximateArrivalTimestamp?.getTime() ?? 0)) < 120_000);
      }),
  },
  {
    id: 'kinesis/put-record-by-arn',
    title: 'PutRecord takes the ARN of the stream, and empty data',
    run: (clients) =>
      withStream(clients, async ({ arn, readAll }) => {
        await clients.kinesis.send(new PutRecordCommand({ StreamARN: arn, Data: new Uint8Array(), PartitionKey: 'k' }));
        assert.deepEqual(texts(await readAll(FIRST_SHARD, 1)), ['']);
      }),
  },
  {
    id: 'kinesis/put-records',
    title: 'PutRecords answers record by record and stores them all',
    run: (clients) =>
      withStream(clients, async (stream) => {
        const { FailedRecordCount, Records } = await stream.put(small(50));
        assert.equal(FailedRecordCount, 0);
        assert.equal(Records?.length, 50);
        assert.ok(Records?.every(({ ShardId, SequenceNumber, ErrorCode }) => ShardId && SequenceNumber && !ErrorCode));
        assert.deepEqual(
          texts(await stream.readAll(FIRST_SHARD, 50)).sort(),
          small(50)
            .map(({ data }) => data)
            .sort(),
        );
      }),
  },
  {
    id: 'kinesis/sequence-numbers-rise',
    title: 'one put after the other gives rising sequence numbers, and the shard is read in their order',
    run: (clients) =>
      withStream(clients, async (stream) => {
        const given: (string | undefined)[] = [];
        for (let i = 0; i < 5; i++) given.push((await stream.put([{ data: `${i}`, key: 'k' }])).Records?.[0]?.SequenceNumber);
        assert.ok(rising(given), given.join(' '));
        const records = await stream.readAll(FIRST_SHARD, 5);
        assert.deepEqual(texts(records), ['0', '1', '2', '3', '4']);
        assert.ok(rising(records.map(({ SequenceNumber }) => SequenceNumber)));
      }),
  },
  {
    id: 'kinesis/route-by-md5',
    title: 'the MD5 of the partition key chooses the shard',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const entries = ['spotify_1', 'ticketmaster_2', 'ä', '東京', 'k5', 'k6', 'k7', 'k8'].map((key) => ({ data: key, key }));
          const { Records } = await stream.put(entries);
          for (const [i, { key }] of entries.entries()) {
            const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
            assert.equal(Records?.[i]?.ShardId, await shardOf(stream, hash), key);
          }
        },
        { ShardCount: 4 },
      ),
  },
  {
    id: 'kinesis/explicit-hash-key',
    title: 'an explicit hash key overrides the partition key',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const { Records } = await stream.put([
            { data: 'low', key: 'k', hash: '0' },
            { data: 'high', key: 'k', hash: (2n ** 128n - 1n).toString() },
          ]);
          assert.deepEqual(
            Records?.map(({ ShardId }) => ShardId),
            [FIRST_SHARD, 'shardId-000000000001'],
          );
          const one = await clients.kinesis.send(
            new PutRecordCommand({ StreamName: stream.name, Data: bytes('x'), PartitionKey: 'k', ExplicitHashKey: (2n ** 127n).toString() }),
          );
          assert.equal(one.ShardId, 'shardId-000000000001');
        },
        { ShardCount: 2 },
      ),
  },
  {
    id: 'kinesis/explicit-hash-key-range',
    title: 'an explicit hash key of 2^128 is refused with InvalidArgumentException',
    run: badRecord({ data: 'x', key: 'k', hash: (2n ** 128n).toString() }, 'InvalidArgumentException'),
  },
  {
    id: 'kinesis/partition-key-too-long',
    title: 'a partition key of 257 characters is refused with ValidationException',
    // The common error for a documented length that is exceeded (moto: InvalidArgumentException).
    run: badRecord({ data: 'x', key: 'k'.repeat(257) }, 'ValidationException'),
  },
  {
    id: 'kinesis/partition-key-empty',
    title: 'an empty partition key is refused with ValidationException',
    run: badRecord({ data: 'x', key: '' }, 'ValidationException'),
  },
  {
    id: 'kinesis/record-too-large',
    title: 'more than 1 MiB of data is refused',
    // The reference leaves open which: the model's length (ValidationException) or the stream's maximum record size (InvalidArgumentException).
    run: badRecord({ data: new Uint8Array(1024 * 1024 + 1), key: 'k' }, ['ValidationException', 'InvalidArgumentException']),
  },
  {
    id: 'kinesis/largest-record',
    title: '1 MiB of data and partition key is taken and read back whole',
    run: (clients) =>
      withStream(clients, async ({ name, readAll }) => {
        const Data = new Uint8Array(1024 * 1024 - 1).fill(7);
        await clients.kinesis.send(new PutRecordCommand({ StreamName: name, Data, PartitionKey: 'k' }));
        const [record] = await readAll(FIRST_SHARD, 1);
        assert.equal(Buffer.compare(Buffer.from(record?.Data ?? []), Buffer.from(Data)), 0);
      }),
  },
  {
    id: 'kinesis/too-many-records',
    title: 'a request of 501 records is refused with ValidationException',
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(stream.put(small(501)), 'ValidationException');
      }),
  },
  {
    id: 'kinesis/request-too-large',
    title: 'a request of more than 10 MiB is refused with InvalidArgumentException',
    // 5 MiB until 2025; today's reference of PutRecords says 10 MiB "for the entire request, including partition keys".
    run: (clients) =>
      withStream(clients, async (stream) => {
        const data = new Uint8Array(1_000_000);
        const entries = Array.from({ length: 11 }, (_, i) => ({ data, key: `k${i}` }));
        await refused(stream.put(entries), 'InvalidArgumentException');
      }),
  },
  {
    id: 'kinesis/put-missing-stream',
    title: 'a put to a stream that does not exist is ResourceNotFoundException',
    run: async ({ kinesis, unique }) => {
      const Records = [{ Data: bytes('x'), PartitionKey: 'k' }];
      await refused(kinesis.send(new PutRecordsCommand({ StreamName: unique('none'), Records })), 'ResourceNotFoundException');
    },
  },
];

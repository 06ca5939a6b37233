import assert from 'node:assert/strict';
import { GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { FIRST_SHARD, type StreamUnderTest, texts, withStream } from './kinesis-stream.js';
import { eventually, pause, refused } from './refusal.js';

const one = (data: string): { data: string; key: string } => ({ data, key: 'k' });

/** A check on a stream with the records a, b, c, given one after the other. */
const withThree = (clients: ConformanceClients, run: (stream: StreamUnderTest, numbers: string[]) => Promise<void>): Promise<void> =>
  withStream(clients, async (stream) => {
    const numbers: string[] = [];
    for (const text of ['a', 'b', 'c']) numbers.push((await stream.put([one(text)])).Records?.[0]?.SequenceNumber ?? '');
    await run(stream, numbers);
  });

export const readingChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/iterator-trim-horizon',
    title: 'TRIM_HORIZON begins with the oldest record',
    run: (clients) =>
      withThree(clients, async (stream) => {
        assert.deepEqual(texts(await stream.readAll(FIRST_SHARD, 3)), ['a', 'b', 'c']);
      }),
  },
  {
    id: 'kinesis/iterator-latest',
    title: 'LATEST gives only what is put after it',
    run: (clients) =>
      withThree(clients, async (stream) => {
        const iterator = await stream.iterator({ ShardIteratorType: 'LATEST' });
        await stream.put([one('d')]);
        const page = await eventually(
          'the new record',
          () => stream.read(iterator),
          ({ Records }) => (Records ?? []).length > 0,
          { everyMs: 250 },
        );
        assert.deepEqual(texts(page.Records), ['d']);
      }),
  },
  {
    id: 'kinesis/iterator-at-sequence-number',
    title: 'AT_SEQUENCE_NUMBER begins with the record that has it',
    run: (clients) =>
      withThree(clients, async (stream, [, second]) => {
        const iterator = await stream.iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: second });
        assert.deepEqual(texts((await stream.read(iterator)).Records), ['b', 'c']);
      }),
  },
  {
    id: 'kinesis/iterator-after-sequence-number',
    title: 'AFTER_SEQUENCE_NUMBER begins with the record after it',
    run: (clients) =>
      withThree(clients, async (stream, [, second]) => {
        const iterator = await stream.iterator({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: second });
        assert.deepEqual(texts((await stream.read(iterator)).Records), ['c']);
      }),
  },
  {
    id: 'kinesis/iterator-at-starting-sequence-number',
    title: "the shard's own StartingSequenceNumber begins with its first record",
    run: (clients) =>
      withThree(clients, async (stream) => {
        const StartingSequenceNumber = (await stream.shards())[0]?.SequenceNumberRange?.StartingSequenceNumber;
        const iterator = await stream.iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber });
        assert.deepEqual(texts((await stream.read(iterator)).Records), ['a', 'b', 'c']);
      }),
  },
  {
    id: 'kinesis/iterator-at-timestamp',
    title: 'AT_TIMESTAMP begins with the first record that arrived then or later',
    run: (clients) =>
      withThree(clients, async (stream) => {
        await pause(30);
        await stream.put([one('d')]);
        const arrived = (await stream.readAll(FIRST_SHARD, 4)).at(-1)?.ApproximateArrivalTimestamp;
        const iterator = await stream.iterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: arrived });
        assert.deepEqual(texts((await stream.read(iterator)).Records), ['d']);
      }),
  },
  {
    id: 'kinesis/iterator-unknown-shard',
    title: 'a shard that does not exist is ResourceNotFoundException',
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(stream.iterator({ ShardId: 'shardId-000000000009' }), 'ResourceNotFoundException');
      }),
  },
  {
    id: 'kinesis/iterator-bad-sequence-number',
    title: 'a text that is no sequence number is refused',
    // The reference gives the member a pattern (ValidationException) and names InvalidArgumentException for values that can't be used.
    run: (clients) =>
      withStream(clients, async (stream) => {
        const iterator = stream.iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: 'nonsense' });
        await refused(iterator, ['InvalidArgumentException', 'ValidationException']);
      }),
  },
  {
    id: 'kinesis/iterator-without-number',
    title: 'AT_SEQUENCE_NUMBER without a number is refused with InvalidArgumentException',
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(stream.iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER' }), 'InvalidArgumentException');
      }),
  },
  {
    id: 'kinesis/iterator-unknown-type',
    title: 'an unknown iterator type is refused with ValidationException',
    // A value outside the documented ones "fails to satisfy the constraints": the common error for that is ValidationException (moto: InvalidArgumentException).
    run: (clients) =>
      withStream(clients, async ({ name }) => {
        const command = new GetShardIteratorCommand({ StreamName: name, ShardId: FIRST_SHARD, ShardIteratorType: 'FIRST' as 'LATEST' });
        await refused(clients.kinesis.send(command), 'ValidationException');
      }),
  },
  {
    id: 'kinesis/get-records-pages',
    title: 'Limit bounds a page, NextShardIterator gives the next one, MillisBehindLatest is 0 at the tip only',
    run: (clients) =>
      withThree(clients, async (stream) => {
        const first = await stream.read(await stream.iterator({}), 2);
        assert.deepEqual(texts(first.Records), ['a', 'b']);
        assert.ok((first.MillisBehindLatest ?? 0) > 0, 'a record is left, yet MillisBehindLatest is 0');
        const second = await stream.read(first.NextShardIterator);
        assert.deepEqual(texts(second.Records), ['c']);
        assert.equal(second.MillisBehindLatest, 0);
        const third = await stream.read(second.NextShardIterator);
        assert.deepEqual(texts(third.Records), []);
        assert.ok(third.NextShardIterator, 'an open shard goes on');
      }),
  },
  {
    id: 'kinesis/get-records-repeats',
    title: 'an iterator can be used again and gives the same records',
    run: (clients) =>
      withThree(clients, async (stream) => {
        const iterator = await stream.iterator({});
        assert.deepEqual(texts((await stream.read(iterator, 2)).Records), ['a', 'b']);
        assert.deepEqual(texts((await stream.read(iterator, 2)).Records), ['a', 'b']);
      }),
  },
  {
    id: 'kinesis/get-records-limit',
    title: 'a Limit above 10,000 is refused with InvalidArgumentException',
    // Emulators that follow the model alone answer ValidationException; the reference of GetRecords says otherwise of Limit.
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(stream.read(await stream.iterator({}), 10_001), 'InvalidArgumentException');
      }),
  },
  {
    id: 'kinesis/get-records-bad-iterator',
    title: 'a text that is no iterator is refused with InvalidArgumentException',
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(stream.read('nonsense'), 'InvalidArgumentException');
      }),
  },
];

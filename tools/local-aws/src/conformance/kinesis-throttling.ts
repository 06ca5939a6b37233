import assert from 'node:assert/strict';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { FIRST_SHARD, withStream } from './kinesis-stream.js';
import { refused } from './refusal.js';

const RATE = 'ProvisionedThroughputExceededException';

/** These send more than a shard takes in two seconds at once, so that no way of counting a second lets it all pass. */
export const throttlingChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/throttle-records',
    title: 'more than 1,000 records a second to a shard are refused one by one, and those are not stored',
    run: (clients) =>
      withStream(clients, async (stream) => {
        const batch = (n: number): { data: string; key: string }[] => Array.from({ length: 500 }, (_, i) => ({ data: `${n}/${i}`, key: `k${i}` }));
        const answers = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => stream.put(batch(n))));
        const all = answers.flatMap(({ Records }) => Records ?? []);
        const failed = all.filter(({ ErrorCode }) => ErrorCode !== undefined);
        assert.ok(failed.length > 0, 'nothing was throttled');
        assert.equal(
          answers.reduce((sum, { FailedRecordCount }) => sum + (FailedRecordCount ?? 0), 0),
          failed.length,
        );
        for (const { ErrorCode, ErrorMessage, SequenceNumber } of failed) {
          assert.equal(ErrorCode, RATE);
          assert.match(ErrorMessage ?? '', new RegExp(`${FIRST_SHARD}.*${stream.name}`));
          assert.equal(SequenceNumber, undefined);
        }
        const stored = all.length - failed.length;
        assert.equal((await stream.readAll(FIRST_SHARD, stored)).length, stored);
      }),
  },
  {
    id: 'kinesis/throttle-bytes',
    title: 'more than 1 MiB a second to a shard is refused record by record',
    run: (clients) =>
      withStream(clients, async (stream) => {
        const { FailedRecordCount = 0, Records } = await stream.put([0, 1, 2, 3, 4].map((i) => ({ data: new Uint8Array(900_000), key: `k${i}` })));
        assert.ok(FailedRecordCount >= 1 && FailedRecordCount < 5, `${FailedRecordCount} of 5 failed`);
        assert.equal(Records?.filter(({ ErrorCode }) => ErrorCode === RATE).length, FailedRecordCount);
      }),
  },
  {
    id: 'kinesis/throttle-put-record',
    title: 'PutRecord beyond the rate of its shard is the typed exception',
    run: (clients) =>
      withStream(clients, async ({ name }) => {
        const put = (): Promise<unknown> =>
          clients.kinesis.send(new PutRecordCommand({ StreamName: name, Data: new Uint8Array(900_000), PartitionKey: 'k' }));
        const failed = (await Promise.allSettled([put(), put(), put(), put(), put()])).find(({ status }) => status === 'rejected');
        assert.ok(failed?.status === 'rejected', 'nothing was throttled');
        await refused(Promise.reject(failed.reason as Error), RATE);
      }),
  },
  {
    id: 'kinesis/throttle-reads',
    title: 'more than five GetRecords a second on a shard are refused with the typed exception',
    run: (clients) =>
      withStream(clients, async (stream) => {
        const iterator = await stream.iterator({});
        const reads = await Promise.allSettled(Array.from({ length: 14 }, () => stream.read(iterator)));
        const failed = reads.find(({ status }) => status === 'rejected');
        assert.ok(failed?.status === 'rejected', 'nothing was throttled');
        await refused(Promise.reject(failed.reason as Error), RATE);
      }),
  },
];

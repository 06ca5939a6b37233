import fc from 'fast-check';
import {
  dataOf,
  readFrom,
  records,
  shardsOf,
  startKinesis,
  type Harness,
  type PutAnswer,
  type ReadAnswer,
  type ShardAnswer,
} from './harness.fixture.js';
import { initialShards, openShards, scaleUniformly } from './resharding.js';
import { uniformStarts, toHex } from './hash-keys.js';

const HALF = (2n ** 127n).toString();
const StreamName = 'loadin';
const idOf = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;

describe('changing the shards of a stream', () => {
  let kinesis: Harness;

  beforeEach(async () => {
    kinesis = await startKinesis();
    await kinesis.call('CreateStream', { StreamName, ShardCount: 1 });
  });
  afterEach(() => kinesis.close());

  const put = (count: number): Promise<PutAnswer> => kinesis.call('PutRecords', { StreamName, Records: records(count) });
  const scale = (TargetShardCount: number): Promise<unknown> =>
    kinesis.call('UpdateShardCount', { StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' });

  it('closes a split shard, which ends after its last record and names its children', async () => {
    await put(3);
    await kinesis.call('SplitShard', { StreamName, ShardToSplit: idOf(0), NewStartingHashKey: HALF });
    const [parent, low, high] = (await shardsOf(kinesis, StreamName)) as [ShardAnswer, ShardAnswer, ShardAnswer];
    expect(parent.SequenceNumberRange.EndingSequenceNumber).toBeDefined();
    expect([low.ParentShardId, high.ParentShardId]).toEqual([idOf(0), idOf(0)]);
    expect(high.HashKeyRange.StartingHashKey).toBe(HALF);
    const { Records } = await put(20);
    expect(new Set(Records.map(({ ShardId }) => ShardId))).toEqual(new Set([idOf(1), idOf(2)]));

    const page = await readFrom(kinesis, StreamName, {}, 2);
    expect(page.NextShardIterator).not.toBeNull();
    const end = await kinesis.call<ReadAnswer>('GetRecords', { ShardIterator: page.NextShardIterator });
    expect([end.Records.length, end.NextShardIterator, end.MillisBehindLatest]).toEqual([1, null, 0]);
    expect(end.ChildShards?.map(({ ShardId }) => ShardId)).toEqual([idOf(1), idOf(2)]);
  });

  it('merges two adjacent shards and refuses others', async () => {
    await scale(2);
    await scale(4);
    const open = (await shardsOf(kinesis, StreamName)).filter((shard) => !shard.SequenceNumberRange.EndingSequenceNumber);
    const [first, second, third] = open.map(({ ShardId }) => ShardId);
    await expect(kinesis.call('MergeShards', { StreamName, ShardToMerge: first, AdjacentShardToMerge: third })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
    });
    await kinesis.call('MergeShards', { StreamName, ShardToMerge: first, AdjacentShardToMerge: second });
    const child = (await shardsOf(kinesis, StreamName)).at(-1);
    expect(child).toMatchObject({ ParentShardId: first, AdjacentParentShardId: second, HashKeyRange: { StartingHashKey: '0' } });
  });

  it('loses no record that is written while shards close, and numbers children above their parents', async () => {
    const free = await startKinesis({ limits: { recordsPerShardSecond: Infinity, bytesPerShardSecond: Infinity } });
    await free.call('CreateStream', { StreamName, ShardCount: 2 });
    const writes: Promise<PutAnswer>[] = [];
    const write = (n: number): void => void writes.push(free.call<PutAnswer>('PutRecords', { StreamName, Records: records(50, 5, `w${n}-`) }));
    for (let round = 0; round < 20; round++) {
      write(round);
      if (round === 5)
        await Promise.all([free.call('UpdateShardCount', { StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }), write(100)]);
      if (round === 12)
        await Promise.all([free.call('UpdateShardCount', { StreamName, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }), write(101)]);
    }
    const acknowledged = (await Promise.all(writes)).flatMap(({ Records }) =>
      Records.map(({ ShardId, SequenceNumber }) => `${ShardId} ${SequenceNumber}`),
    );
    await free.restart();
    const read: string[] = [];
    const shards = await shardsOf(free, StreamName);
    for (const { ShardId, SequenceNumberRange } of shards) {
      const page = await readFrom(free, StreamName, { ShardId });
      read.push(...page.Records.map(({ SequenceNumber }) => `${ShardId} ${SequenceNumber}`));
      const end = SequenceNumberRange.EndingSequenceNumber;
      if (end) expect(page.Records.every(({ SequenceNumber }) => BigInt(SequenceNumber) <= BigInt(end))).toBe(true);
    }
    expect(read.sort()).toEqual(acknowledged.sort());
    const start = new Map(shards.map((shard) => [shard.ShardId, BigInt(shard.SequenceNumberRange.StartingSequenceNumber)]));
    const end = new Map(shards.map((shard) => [shard.ShardId, BigInt(shard.SequenceNumberRange.EndingSequenceNumber ?? 0)]));
    for (const { ShardId, ParentShardId } of shards) {
      if (ParentShardId) expect(start.get(ShardId)).toBeGreaterThan(end.get(ParentShardId) ?? 0n);
    }
    await free.close();
  });

  it('scales to at most double and at least half, ten times a day', async () => {
    await expect(scale(3)).rejects.toMatchObject({ code: 'LimitExceededException' });
    for (let i = 0; i < 5; i++) {
      await scale(2);
      await scale(1);
    }
    await expect(scale(2)).rejects.toMatchObject({ code: 'LimitExceededException' });
    kinesis.now += 86_400_000;
    await scale(2);
  });

  it('drops a closed shard when its last record is past retention', async () => {
    await put(1);
    await kinesis.call('SplitShard', { StreamName, ShardToSplit: idOf(0), NewStartingHashKey: HALF });
    kinesis.now += 24 * 3_600_000;
    expect(await shardsOf(kinesis, StreamName)).toHaveLength(3);
    kinesis.now += 2;
    expect(await shardsOf(kinesis, StreamName)).toHaveLength(2);
    await expect(readFrom(kinesis, StreamName)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await kinesis.restart();
    expect(await shardsOf(kinesis, StreamName)).toHaveLength(2);
    expect(dataOf(await readFrom(kinesis, StreamName, { ShardId: idOf(1) }))).toEqual([]);
  });

  it('lists shards page by page and by filter', async () => {
    const created = kinesis.now;
    kinesis.now += 10_000;
    await scale(2);
    const page = await kinesis.call<{ Shards: ShardAnswer[]; NextToken: string }>('ListShards', { StreamName, MaxResults: 2 });
    expect(page.Shards).toHaveLength(2);
    expect(await kinesis.call('ListShards', { NextToken: page.NextToken })).toMatchObject({ Shards: [{ ShardId: idOf(2) }] });
    await expect(kinesis.call('ListShards', { NextToken: page.NextToken, StreamName })).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    const filtered = async (ShardFilter: unknown): Promise<string[]> =>
      (await kinesis.call<{ Shards: ShardAnswer[] }>('ListShards', { StreamName, ShardFilter })).Shards.map(({ ShardId }) => ShardId);
    expect(await filtered({ Type: 'AT_LATEST' })).toEqual([idOf(1), idOf(2)]);
    expect(await filtered({ Type: 'AT_TRIM_HORIZON' })).toEqual([idOf(0)]);
    expect(await filtered({ Type: 'AFTER_SHARD_ID', ShardId: idOf(1) })).toEqual([idOf(2)]);
    expect(await filtered({ Type: 'AT_TIMESTAMP', Timestamp: (created + 5000) / 1000 })).toEqual([idOf(0)]);
    expect(await filtered({ Type: 'FROM_TIMESTAMP', Timestamp: (created + 5000) / 1000 })).toEqual([idOf(0), idOf(1), idOf(2)]);
    kinesis.now += 300_001;
    await expect(kinesis.call('ListShards', { NextToken: page.NextToken })).rejects.toMatchObject({ code: 'ExpiredNextTokenException' });
  });
});

describe('scaleUniformly', () => {
  it('ends with ranges of equal size that cover all hash keys, whatever the counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }), (from, targets) => {
        let shards = initialShards(from, 1000);
        for (const count of targets) {
          shards = scaleUniformly(shards, count, { now: 2000, recordsOf: () => 0 });
          expect(openShards(shards).map(({ firstHash }) => firstHash)).toEqual(uniformStarts(count).map(toHex));
        }
        expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
      }),
    );
  });
});

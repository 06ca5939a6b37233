import { base64, dataOf, readFrom, records, shardsOf, startKinesis, type Harness, type PutAnswer } from './harness.fixture.js';

describe('writing to Kinesis', () => {
  let kinesis: Harness;
  const StreamName = 'loadin';

  beforeEach(async () => {
    kinesis = await startKinesis();
    await kinesis.call('CreateStream', { StreamName, ShardCount: 1 });
  });
  afterEach(() => kinesis.close());

  const put = (Records: unknown[], more = {}): Promise<PutAnswer> => kinesis.call<PutAnswer>('PutRecords', { StreamName, Records }, more);

  it('gives each record of a shard a greater sequence number, in the order of the request', async () => {
    const { Records } = await put(records(100));
    const numbers = Records.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0));
    expect(numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0n))).toBe(true);
    expect(dataOf(await readFrom(kinesis, StreamName))).toHaveLength(100);
  });

  it('refuses the records beyond 1,000 a second one by one and takes them a second later', async () => {
    expect((await put(records(500))).FailedRecordCount).toBe(0);
    expect((await put(records(400))).FailedRecordCount).toBe(0);
    const over = await put(records(300));
    expect(over.FailedRecordCount).toBe(200);
    expect(over.Records[99]).toHaveProperty('SequenceNumber');
    expect(over.Records[100]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream loadin under account 000000000000.',
    });
    await expect(kinesis.call('PutRecord', { StreamName, ...records(1)[0] })).rejects.toMatchObject({
      code: 'ProvisionedThroughputExceededException',
    });
    kinesis.now += 1000;
    expect((await put(records(300))).FailedRecordCount).toBe(0);
    expect(dataOf(await readFrom(kinesis, StreamName))).toHaveLength(1300);
  });

  it('counts bytes with partition keys: 1 MiB a second', async () => {
    const Data = base64('x'.repeat(256 * 1024 - 2));
    const { Records } = await put(['k1', 'k2', 'k3', 'k4', 'k5'].map((PartitionKey) => ({ Data, PartitionKey })));
    expect(Records.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, undefined, undefined, undefined, 'ProvisionedThroughputExceededException']);
  });

  it('limits each shard on its own', async () => {
    await kinesis.call('CreateStream', { StreamName: 'two', ShardCount: 2 });
    const burst = (hash: string): Promise<PutAnswer> =>
      kinesis.call('PutRecords', { StreamName: 'two', Records: records(500).map((record) => ({ ...record, ExplicitHashKey: hash })) });
    const high = (2n ** 128n - 1n).toString();
    for (let i = 0; i < 2; i++) expect((await burst('0')).FailedRecordCount).toBe(0);
    expect((await burst('0')).FailedRecordCount).toBe(500);
    expect((await burst(high)).FailedRecordCount).toBe(0);
  });

  it('routes by the MD5 of the partition key, or by the explicit hash key', async () => {
    await kinesis.call('CreateStream', { StreamName: 'four', ShardCount: 4 });
    // MD5('a') = 0cc1…, MD5('b') = 92eb…
    const answer = await kinesis.call<PutAnswer>('PutRecords', {
      StreamName: 'four',
      Records: [
        { Data: '', PartitionKey: 'a' },
        { Data: '', PartitionKey: 'b' },
        { Data: '', PartitionKey: 'a', ExplicitHashKey: (2n ** 128n - 1n).toString() },
        { Data: '', PartitionKey: 'b', ExplicitHashKey: (2n ** 126n).toString() },
      ],
    });
    expect(answer.Records.map(({ ShardId }) => ShardId?.at(-1))).toEqual(['0', '2', '3', '1']);
  });

  it.each([
    ['501 records', 'ValidationException', () => records(501)],
    ['no record', 'ValidationException', () => []],
    ['a partition key of 257 characters', 'ValidationException', () => [{ Data: '', PartitionKey: 'k'.repeat(257) }]],
    ['an empty partition key', 'ValidationException', () => [{ Data: '', PartitionKey: '' }]],
    ['more than 1 MiB of data and key', 'InvalidArgumentException', () => records(1, 1024 * 1024)],
    ['an explicit hash key of 2^128', 'InvalidArgumentException', () => [{ Data: '', PartitionKey: 'k', ExplicitHashKey: (2n ** 128n).toString() }]],
    ['data that is not base64', 'SerializationException', () => [{ Data: '?', PartitionKey: 'k' }]],
  ])('refuses a request with %s whole', async (_, code, bad) => {
    await expect(put(bad())).rejects.toMatchObject({ code });
    expect(dataOf(await readFrom(kinesis, StreamName))).toEqual([]);
  });

  it('refuses a request of more than 10 MiB', async () => {
    await expect(put(records(11, 1_000_000))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    });
  });

  it('takes a record up to the maximum that the stream was given', async () => {
    await kinesis.call('CreateStream', { StreamName: 'large', ShardCount: 1, MaxRecordSizeInKiB: 2048 });
    const record = { StreamName: 'large', Data: base64('x'.repeat(1_500_000)), PartitionKey: 'k' };
    await kinesis.call('PutRecord', record);
    kinesis.now += 1000;
    // It is paid off at the shard's rate: 1.43 MiB need more than a second.
    await expect(kinesis.call('PutRecord', record)).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
  });

  it('fails the share of records that a fault asks for, storing none of them', async () => {
    let drawn = 0;
    const answer = await put(records(100), { fault: { partialRate: 0.3, random: () => (drawn++ % 10) / 10 } });
    const kept = answer.Records.filter((record) => 'SequenceNumber' in record);
    expect(answer.FailedRecordCount).toBe(30);
    expect(kept).toHaveLength(100 - answer.FailedRecordCount);
    expect(new Set(answer.Records.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set([undefined, 'InternalFailure', 'ProvisionedThroughputExceededException']),
    );
    expect((await readFrom(kinesis, StreamName)).Records).toHaveLength(kept.length);
  });

  it('keeps every acknowledged record and its number over a restart without a shutdown', async () => {
    const first = await put(records(300));
    await Promise.all([put(records(100, 50, 'a')), put(records(100, 50, 'b'))]);
    await kinesis.restart();
    kinesis.now += 1000;
    const { Records } = await readFrom(kinesis, StreamName);
    expect(Records).toHaveLength(500);
    expect(Records.slice(0, 300).map(({ SequenceNumber }) => SequenceNumber)).toEqual(first.Records.map(({ SequenceNumber }) => SequenceNumber));
    const [next] = (await put(records(1))).Records;
    expect(BigInt(next?.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(Records.at(-1)?.SequenceNumber ?? 0));
  });

  it('answers a put that meets the deletion of its stream as one to a stream that is not there', async () => {
    await put(records(1));
    const puts = Promise.allSettled(Array.from({ length: 20 }, () => put(records(5))));
    await kinesis.call('DeleteStream', { StreamName });
    for (const outcome of await puts) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ResourceNotFoundException' });
    }
    await expect(put(records(1))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('answers for a stream that is being created as for none', async () => {
    const slow = await startKinesis({ transitionMs: 500 });
    await slow.call('CreateStream', { StreamName, ShardCount: 1 });
    await expect(slow.call('PutRecord', { StreamName, ...records(1)[0] })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(slow.call('UpdateShardCount', { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' })).rejects.toMatchObject({
      code: 'ResourceInUseException',
    });
    slow.now += 500;
    await slow.call('PutRecord', { StreamName, ...records(1)[0] });
    expect(await shardsOf(slow, StreamName)).toHaveLength(1);
    await slow.close();
  });
});

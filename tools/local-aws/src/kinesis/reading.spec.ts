import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { base64, dataOf, readFrom, records, startKinesis, type Harness, type PutAnswer, type ReadAnswer } from './harness.fixture.js';

describe('reading from Kinesis', () => {
  let kinesis: Harness;
  const StreamName = 'loadin';

  beforeEach(async () => {
    kinesis = await startKinesis();
    await kinesis.call('CreateStream', { StreamName, ShardCount: 1 });
  });
  afterEach(() => kinesis.close());

  const put = (...texts: string[]): Promise<PutAnswer> =>
    kinesis.call('PutRecords', { StreamName, Records: texts.map((text) => ({ Data: base64(text), PartitionKey: 'k' })) });

  it('begins where each of the five iterator types says', async () => {
    const { Records } = await put('a', 'b');
    kinesis.now += 1000;
    await put('c');
    kinesis.now += 1000;
    const StartingSequenceNumber = Records[0]?.SequenceNumber;
    expect(dataOf(await readFrom(kinesis, StreamName))).toEqual(['a', 'b', 'c']);
    expect(dataOf(await readFrom(kinesis, StreamName, { ShardIteratorType: 'LATEST' }))).toEqual([]);
    expect(dataOf(await readFrom(kinesis, StreamName, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber }))).toEqual(['a', 'b', 'c']);
    expect(dataOf(await readFrom(kinesis, StreamName, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber }))).toEqual(['b', 'c']);
    const Timestamp = (kinesis.now - 1500) / 1000;
    expect(dataOf(await readFrom(kinesis, StreamName, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp }))).toEqual(['c']);
  });

  it('gives what came after a LATEST iterator was made, and goes on by NextShardIterator', async () => {
    await put('before');
    const latest = await readFrom(kinesis, StreamName, { ShardIteratorType: 'LATEST' });
    await put('one', 'two');
    const page = await kinesis.call<ReadAnswer>('GetRecords', { ShardIterator: latest.NextShardIterator, Limit: 1 });
    expect(dataOf(page)).toEqual(['one']);
    expect(page.MillisBehindLatest).toBeGreaterThan(0);
    const last = await kinesis.call<ReadAnswer>('GetRecords', { ShardIterator: page.NextShardIterator });
    expect([dataOf(last), last.MillisBehindLatest]).toEqual([['two'], 0]);
  });

  it('lets an iterator expire after five minutes', async () => {
    const { NextShardIterator } = await readFrom(kinesis, StreamName);
    kinesis.now += 300_000;
    await kinesis.call('GetRecords', { ShardIterator: NextShardIterator });
    kinesis.now += 1;
    await expect(kinesis.call('GetRecords', { ShardIterator: NextShardIterator })).rejects.toMatchObject({ code: 'ExpiredIteratorException' });
  });

  it.each([
    ['another text', 'InvalidArgumentException', { ShardIterator: 'nonsense' }],
    ['a limit of 10,001', 'InvalidArgumentException', { ShardIterator: 'x', Limit: 10_001 }],
    ['no iterator', 'ValidationException', {}],
  ])('refuses %s', async (_, code, input) => {
    await expect(kinesis.call('GetRecords', input)).rejects.toMatchObject({ code });
  });

  it('refuses a sequence number of another shard and a time to come', async () => {
    await kinesis.call('CreateStream', { StreamName: 'other', ShardCount: 2 });
    const { SequenceNumber } = await kinesis.call('PutRecord', { StreamName: 'other', Data: '', PartitionKey: 'b' });
    await expect(
      readFrom(kinesis, StreamName, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber }),
    ).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    const Timestamp = kinesis.now / 1000 + 1;
    await expect(readFrom(kinesis, StreamName, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
    });
  });

  it('allows five reads a second', async () => {
    for (let i = 0; i < 5; i++) await readFrom(kinesis, StreamName);
    await expect(readFrom(kinesis, StreamName)).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
    kinesis.now += 200;
    await readFrom(kinesis, StreamName);
  });

  it('gives at most 10 MiB a call and refuses the calls of the next five seconds', async () => {
    for (let i = 0; i < 12; i++) {
      await kinesis.call('PutRecords', { StreamName, Records: records(1, 1024 * 1024 - 2) });
      kinesis.now += 1000;
    }
    const page = await readFrom(kinesis, StreamName);
    expect(page.Records).toHaveLength(10);
    for (const wait of [1000, 3999]) {
      kinesis.now += wait;
      await expect(kinesis.call('GetRecords', { ShardIterator: page.NextShardIterator })).rejects.toMatchObject({
        code: 'ProvisionedThroughputExceededException',
      });
    }
    kinesis.now += 2;
    expect((await kinesis.call<ReadAnswer>('GetRecords', { ShardIterator: page.NextShardIterator })).Records).toHaveLength(2);
  });

  it('gives no record past retention, and deletes its file', async () => {
    const files = async (): Promise<string[]> => (await readdir(kinesis.dataDir, { recursive: true })).filter((name) => name.endsWith('.log'));
    for (let i = 0; i < 40; i++) {
      await kinesis.call('PutRecords', { StreamName, Records: records(1, 1_000_000) });
      kinesis.now += 1000;
    }
    expect(await files()).toHaveLength(2);
    kinesis.now += 24 * 3_600_000 - 2500;
    expect((await readFrom(kinesis, StreamName)).Records).toHaveLength(2);
    expect(await files()).toHaveLength(1);
    await kinesis.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
    kinesis.now += 24 * 3_600_000;
    await put('new');
    expect(dataOf(await readFrom(kinesis, StreamName)).at(-1)).toBe('new');
  });

  it('reads over a file that was torn by a kill while it was written', async () => {
    await put('a', 'b');
    const log = (await readdir(kinesis.dataDir, { recursive: true })).find((name) => name.endsWith('.log')) ?? '';
    await appendFile(join(kinesis.dataDir, log), Buffer.from([200, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3]));
    await kinesis.restart();
    await put('c');
    expect(dataOf(await readFrom(kinesis, StreamName))).toEqual(['a', 'b', 'c']);
  });

  it('treats an iterator of a deleted stream as one of none, also when the name is used again', async () => {
    const { NextShardIterator } = await readFrom(kinesis, StreamName);
    await kinesis.call('DeleteStream', { StreamName });
    await kinesis.call('CreateStream', { StreamName, ShardCount: 1 });
    await expect(kinesis.call('GetRecords', { ShardIterator: NextShardIterator })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(dataOf(await readFrom(kinesis, StreamName))).toEqual([]);
  });
});

import { records, startKinesis, type Harness } from './harness.fixture.js';

describe('streams', () => {
  let kinesis: Harness;
  const StreamName = 'loadin';
  const StreamARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/loadin';

  beforeEach(async () => {
    kinesis = await startKinesis();
    await kinesis.call('CreateStream', { StreamName, ShardCount: 2, Tags: { team: 'lake' } });
  });
  afterEach(() => kinesis.close());

  const summary = async (): Promise<unknown> =>
    (await kinesis.call<{ StreamDescriptionSummary: unknown }>('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary;

  it('keep their settings over a restart without a shutdown', async () => {
    await kinesis.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
    await kinesis.call('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
    await kinesis.call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'] });
    await kinesis.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'analytics' });
    await kinesis.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    await kinesis.restart();
    expect(await summary()).toEqual({
      StreamName,
      StreamARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      StreamCreationTimestamp: kinesis.now / 1000,
      RetentionPeriodHours: 48,
      EnhancedMonitoring: [{ ShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'] }],
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
      OpenShardCount: 2,
      ConsumerCount: 1,
      MaxRecordSizeInKiB: 1024,
    });
    expect(await kinesis.call('ListTagsForStream', { StreamARN })).toEqual({ Tags: [{ Key: 'team', Value: 'lake' }], HasMoreTags: false });
  });

  it('show CREATING and UPDATING for as long as they are told to', async () => {
    const slow = await startKinesis({ transitionMs: 1000 });
    const status = async (): Promise<string> =>
      (await slow.call<{ StreamDescriptionSummary: { StreamStatus: string } }>('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary
        .StreamStatus;
    await slow.call('CreateStream', { StreamName, ShardCount: 1 });
    expect(await status()).toBe('CREATING');
    slow.now += 1000;
    expect(await status()).toBe('ACTIVE');
    await slow.call('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: 'k' });
    expect(await status()).toBe('UPDATING');
    await slow.call('PutRecord', { StreamName, ...records(1)[0] });
    await slow.close();
  });

  it('are created once, also when two ask at once', async () => {
    const answers = await Promise.allSettled([1, 2].map(() => kinesis.call('CreateStream', { StreamName: 'new', ShardCount: 1 })));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('take their shards from the quota of the account', async () => {
    await expect(kinesis.call('CreateStream', { StreamName: 'big', ShardCount: 999 })).rejects.toMatchObject({ code: 'LimitExceededException' });
    expect(await kinesis.call('DescribeLimits')).toMatchObject({ ShardLimit: 1000, OpenShardCount: 2 });
  });

  it('are listed page by page in the order of their names', async () => {
    for (const name of ['c', 'a', 'b']) await kinesis.call('CreateStream', { StreamName: name, ShardCount: 1 });
    const first = await kinesis.call<{ NextToken: string }>('ListStreams', { Limit: 2 });
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    expect(await kinesis.call('ListStreams', { NextToken: first.NextToken })).toMatchObject({
      StreamNames: ['c', StreamName],
      HasMoreStreams: false,
    });
    expect(await kinesis.call('ListStreams', { ExclusiveStartStreamName: 'b' })).toMatchObject({ StreamNames: ['c', StreamName] });
  });

  it('are not deleted under their consumers unless that is asked for', async () => {
    await kinesis.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'analytics' });
    await expect(kinesis.call('DeleteStream', { StreamName })).rejects.toMatchObject({ code: 'ResourceInUseException' });
    await kinesis.call('DeleteStream', { StreamName, EnforceConsumerDeletion: true });
    await kinesis.restart();
    await expect(summary()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it.each([
    ['a name with a space', 'ValidationException', 'CreateStream', { StreamName: 'a b', ShardCount: 1 }],
    ['no shard count', 'ValidationException', 'CreateStream', { StreamName: 'a' }],
    ['an unknown stream', 'ResourceNotFoundException', 'DescribeStream', { StreamName: 'none' }],
    ['neither name nor ARN', 'InvalidArgumentException', 'DescribeStream', {}],
    ['a retention below a day', 'InvalidArgumentException', 'DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 12 }],
    ['a retention above a year', 'InvalidArgumentException', 'IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 8761 }],
    ['an unknown metric', 'ValidationException', 'EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['Nonsense'] }],
    ['SubscribeToShard', 'UnknownOperationException', 'SubscribeToShard', {}],
  ])('refuse %s', async (_, code, operation, input) => {
    await expect(kinesis.call(operation, input)).rejects.toMatchObject({ code });
  });
});

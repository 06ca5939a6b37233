import { fates, rulesOf, synthesized } from './synthesized.fixture.js';

const prod = synthesized('prod', 'streaming');
const dev = synthesized('dev', 'streaming');

describe('streaming', () => {
  it('has the stream that create makes, encrypted and monitored per shard', () => {
    prod.of('streaming').hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'concert-data-stream',
      ShardCount: 1,
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      DesiredShardLevelMetrics: ['IncomingBytes', 'IncomingRecords', 'OutgoingBytes', 'OutgoingRecords'],
    });
    dev.of('streaming').hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'concert-data-stream-dev',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 48,
    });
  });

  it('drops batches that were given up after 30 days', () => {
    expect(rulesOf(prod.of('streaming'), '-failed-')).toEqual([expect.objectContaining({ ExpirationInDays: 30 })]);
  });

  it('outlives its stack in production, and nowhere else', () => {
    expect(fates(prod.of('streaming'))).toEqual(new Set(['Retain/Retain']));
    expect(fates(dev.of('streaming'))).toEqual(new Set(['Delete/Delete']));
  });
});

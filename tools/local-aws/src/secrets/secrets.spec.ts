import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonService } from '../service.js';
import { createSecretsManager } from './index.js';

describe('Secrets Manager', () => {
  let dataDir: string;
  let service: JsonService;
  let now = 1_700_000_000_000;

  const call = (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> =>
    service.call(operation, input, { now, region: 'eu-west-1', accountId: '000000000000' });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'loadin-secrets-'));
    service = await createSecretsManager({ dataDir });
  });
  afterEach(async () => {
    await service.close();
    await rm(dataDir, { recursive: true });
  });

  it('gives the current value by name and by ARN, and the one before it by its stage', async () => {
    const { ARN } = await call('CreateSecret', { Name: 'prod/rds', SecretString: 'one' });
    await call('PutSecretValue', { SecretId: 'prod/rds', SecretString: 'two' });
    expect(await call('GetSecretValue', { SecretId: ARN })).toMatchObject({ SecretString: 'two', VersionStages: ['AWSCURRENT'] });
    expect(await call('GetSecretValue', { SecretId: 'prod/rds', VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one' });
  });

  it('still has every acknowledged change after it was opened again', async () => {
    await call('CreateSecret', { Name: 'a', SecretString: 'one', Tags: [{ Key: 'team', Value: 'lake' }] });
    await call('UpdateSecret', { SecretId: 'a', SecretString: 'two', Description: 'the second' });
    await call('CreateSecret', { Name: 'b' });
    await call('DeleteSecret', { SecretId: 'b', ForceDeleteWithoutRecovery: true });
    const again = await createSecretsManager({ dataDir });
    const context = { now, region: 'eu-west-1', accountId: '000000000000' };
    expect(await again.call('GetSecretValue', { SecretId: 'a' }, context)).toMatchObject({ SecretString: 'two' });
    expect(await again.call('ListSecrets', {}, context)).toMatchObject({ SecretList: [{ Name: 'a', Description: 'the second' }] });
    await again.close();
  });

  it('keeps a deleted secret for its recovery window and forgets it afterwards', async () => {
    await call('CreateSecret', { Name: 'a', SecretString: 'one' });
    await call('DeleteSecret', { SecretId: 'a', RecoveryWindowInDays: 7 });
    await expect(call('GetSecretValue', { SecretId: 'a' })).rejects.toThrow('marked for deletion');
    await expect(call('CreateSecret', { Name: 'a' })).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await call('RestoreSecret', { SecretId: 'a' });
    expect(await call('GetSecretValue', { SecretId: 'a' })).toMatchObject({ SecretString: 'one' });
    await call('DeleteSecret', { SecretId: 'a', RecoveryWindowInDays: 7 });
    now += 7 * 86_400_000;
    await expect(call('RestoreSecret', { SecretId: 'a' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await call('CreateSecret', { Name: 'a', SecretString: 'anew' });
  });

  it('takes a repeated request with the same token once', async () => {
    const ClientRequestToken = '6f1a2b3c-0000-4000-8000-000000000001';
    const first = await call('CreateSecret', { Name: 'a', SecretString: 'one', ClientRequestToken });
    expect(await call('CreateSecret', { Name: 'a', SecretString: 'one', ClientRequestToken })).toEqual(first);
    await expect(call('CreateSecret', { Name: 'a', SecretString: 'two', ClientRequestToken })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
    await expect(call('PutSecretValue', { SecretId: 'a', SecretString: 'two', ClientRequestToken })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
  });

  it('keeps both of two changes that arrive at once', async () => {
    await call('CreateSecret', { Name: 'a' });
    await Promise.all([
      call('TagResource', { SecretId: 'a', Tags: [{ Key: 'x', Value: '1' }] }),
      call('TagResource', { SecretId: 'a', Tags: [{ Key: 'y', Value: '2' }] }),
    ]);
    expect(await call('DescribeSecret', { SecretId: 'a' })).toMatchObject({
      Tags: [
        { Key: 'x', Value: '1' },
        { Key: 'y', Value: '2' },
      ],
    });
  });

  it('lists page by page and filters by name prefix', async () => {
    for (const Name of ['a/1', 'a/2', 'b/1']) await call('CreateSecret', { Name });
    const first = await call('ListSecrets', { MaxResults: 2 });
    expect(first['SecretList']).toMatchObject([{ Name: 'a/1' }, { Name: 'a/2' }]);
    expect(await call('ListSecrets', { MaxResults: 2, NextToken: first['NextToken'] })).toMatchObject({ SecretList: [{ Name: 'b/1' }] });
    expect((await call('ListSecrets', { Filters: [{ Key: 'name', Values: ['b/'] }] }))['SecretList']).toHaveLength(1);
  });
});

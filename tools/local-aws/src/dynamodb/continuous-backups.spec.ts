import { CreateTableCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { serverUnderTest, type ServerUnderTest } from '../server.fixture.js';

describe('point-in-time recovery', () => {
  const TableName = 'checkpoints';
  const table = new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  let tested: ServerUnderTest;
  beforeEach(async () => {
    tested = await serverUnderTest();
  });
  afterEach(() => tested.close());

  const status = async (): Promise<string | undefined> => {
    const { ContinuousBackupsDescription: found } = await tested.clients.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    return found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  };

  it('is off for a new table, stays on over a restart once switched on, and is off again for a table made anew', async () => {
    await tested.clients.dynamodb.send(table);
    expect(await status()).toBe('DISABLED');
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await tested.clients.dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    await tested.restart();
    expect(await status()).toBe('ENABLED');
    await tested.clients.dynamodb.send(new DeleteTableCommand({ TableName }));
    await expect(status()).rejects.toMatchObject({ name: 'TableNotFoundException' });
    await tested.clients.dynamodb.send(table);
    expect(await status()).toBe('DISABLED');
  });
});

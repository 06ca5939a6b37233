import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '@loadin/aws';
import { RevisionConflictError } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { checkpointTableDefinition, createDynamoStateStore, createS3StateStore } from './index.js';
import { startLocalState, type LocalState } from './lib/local-aws.fixture.js';

describe('the example of the README', () => {
  let local: LocalState;
  beforeAll(async () => {
    local = await startLocalState();
  });
  afterAll(() => local.close());

  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const table = 'loadin-checkpoints';
    const settings = { region: 'us-east-1', endpoint: local.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

    // example
    const client = new DynamoDBClient(awsClientOptions(settings).dynamodb); // settings: { region: 'us-east-1' }
    await client.send(new CreateTableCommand(checkpointTableDefinition(table))); // once
    const state = createDynamoStateStore({ client, table });

    const key = 'checkpoint/daily/spotify.artists';
    const revision = await state.put(key, { last_sync_timestamp: '2024-01-15T10:30:00Z' }, null); // null: there must be none yet
    await state.put(key, { last_sync_timestamp: '2024-01-16T10:30:00Z' }, revision);
    try {
      await state.put(key, { last_sync_timestamp: '2024-01-14T10:30:00Z' }, revision); // somebody who read it before that
    } catch (error) {
      console.log(error instanceof RevisionConflictError, (await state.get(key))?.value);
    }
    // end

    client.destroy();
    expect(lines).toEqual([true, { last_sync_timestamp: '2024-01-16T10:30:00Z' }]);
    expect(typeof createS3StateStore).toBe('function');
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});

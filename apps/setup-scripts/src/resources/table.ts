import * as dynamodb from '@aws-sdk/client-dynamodb';
import { checkpointTableDefinition } from '@loadin/checkpoint-store';
import type { Clock } from '@loadin/resilience';
import { callsOf, unless } from '../aws-call.js';
import { differs, missing, right, type Part, type Resource } from '../resource.js';
import { ownership, tagging, tagList, tagsOfList, type TagAccess, type Tags } from '../tags.js';
import { waitUntil } from '../wait-until.js';

export interface TableOptions {
  readonly client: dynamodb.DynamoDBClient;
  readonly table: string;
  readonly tags: Tags;
  readonly clock: Clock;
}

/** The checkpoint table, on demand, with recovery to any second of the last 35 days. */
export function tableResource(options: TableOptions): Resource {
  const access = tagsOfTable(options);
  return { self: tableItself(options), settings: [recovery(options), tagging(access, options.tags)], ...ownership(access) };
}

const callsFor = ({ table }: TableOptions) => callsOf('DynamoDB', `dynamodb://${table}`);

async function describeTable(options: TableOptions): Promise<dynamodb.TableDescription | undefined> {
  const { client, table } = options;
  const found = await callsFor(options)('DescribeTable', () =>
    unless(['ResourceNotFoundException'], () => client.send(new dynamodb.DescribeTableCommand({ TableName: table }))),
  );
  return found?.Table;
}

function waitUntilActive(options: TableOptions): Promise<void> {
  return waitUntil(
    'The table was not ACTIVE',
    `dynamodb://${options.table}`,
    options.clock,
    async () => (await describeTable(options))?.TableStatus === 'ACTIVE',
  );
}

function tableItself(options: TableOptions): Part {
  const { client, table } = options;
  const definition = checkpointTableDefinition(table);
  const keys = (schema: readonly dynamodb.KeySchemaElement[] = []): string =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ');
  return {
    name: `dynamodb://${table}`,
    look: async () => {
      const found = await describeTable(options);
      if (found === undefined) return missing;
      if (found.TableStatus === 'DELETING') return differs('being deleted', 'ACTIVE', 'Wait a minute, then run loadin-setup create again.');
      const [is, wanted] = [keys(found.KeySchema), keys(definition.KeySchema)];
      if (is !== wanted) return differs(`key ${is}`, `key ${wanted}`, 'This is another table: name a new one in CHECKPOINT_STORE.');
      await waitUntilActive(options);
      return right();
    },
    make: async () => {
      await callsFor(options)('CreateTable', () =>
        unless(['ResourceInUseException'], () => client.send(new dynamodb.CreateTableCommand(definition))),
      );
      await waitUntilActive(options);
    },
  };
}

function recovery(options: TableOptions): Part {
  const { client, table: TableName } = options;
  const call = callsFor(options);
  return {
    name: 'point-in-time recovery',
    optional: true,
    look: async () => {
      const found = await call('DescribeContinuousBackups', () => client.send(new dynamodb.DescribeContinuousBackupsCommand({ TableName })));
      return found.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED' ? right() : missing;
    },
    make: async () => {
      await call('UpdateContinuousBackups', () =>
        client.send(
          new dynamodb.UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
        ),
      );
    },
  };
}

function tagsOfTable(options: TableOptions): TagAccess {
  const { client } = options;
  const call = callsFor(options);
  const arn = async (): Promise<string | undefined> => (await describeTable(options))?.TableArn;
  return {
    read: async () => {
      const ResourceArn = await arn();
      const { Tags: found = [] } = await call('ListTagsOfResource', () => client.send(new dynamodb.ListTagsOfResourceCommand({ ResourceArn })));
      return tagsOfList(found);
    },
    add: async (tags) => {
      const ResourceArn = await arn();
      await call('TagResource', () => client.send(new dynamodb.TagResourceCommand({ ResourceArn, Tags: tagList(tags) })));
    },
  };
}

import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The table that `createDynamoStateStore` needs: input for `CreateTableCommand`. On demand, since state is small and its load uneven. */
export function checkpointTableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}

import type { Statement } from '@loadin/catalogue';
import { loadinStack, removalPolicyOf, type StackDefinition, type StackInput } from '@loadin/infrastructure/cdk';
import type { Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import { glueTable } from './catalogue/glue-table.js';
import { catalogueStatements } from './catalogue/statements.js';

/** What Athena needs: databases, tables with projected partitions, a workgroup, queries. */
export const catalogueStack: StackDefinition = {
  name: 'catalogue',
  make: (scope, input) => {
    const stack = loadinStack(scope, 'catalogue', input);
    const statements = catalogueStatements(input);
    const databases = new Map(DATABASES.map((name) => [name as string, database(stack, name)]));
    for (const { kind, sql, description } of statements) if (kind === 'table') table(stack, sql, description, databases);
    const group = workgroup(stack, input);
    for (const statement of statements) if (statement.kind === 'query' || statement.kind === 'view') query(stack, statement, group);
    return stack;
  },
};

const DATABASES = ['bronze', 'raw', 'logs'] as const;
/** A query that reads more was not meant: ten times the lake of a small city. */
const MOST_BYTES = 1024 ** 4;

const database = (stack: Stack, name: (typeof DATABASES)[number]): glue.CfnDatabase =>
  new glue.CfnDatabase(stack, `Database-${name}`, { catalogId: stack.account, databaseInput: { name } });

const FORMATS = {
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
  json: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
} as const;

function table(stack: Stack, sql: string, description: string, databases: ReadonlyMap<string, glue.CfnDatabase>): void {
  const { database: databaseName, name, columns, partitions, format, location, properties } = glueTable(sql);
  const made = new glue.CfnTable(stack, `Table-${databaseName}-${name}`, {
    catalogId: stack.account,
    databaseName,
    tableInput: {
      name,
      description,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', classification: format, ...properties },
      partitionKeys: [...partitions],
      storageDescriptor: { columns: [...columns], location, ...FORMATS[format] },
    },
  });
  // A name makes no dependency of its own.
  const parent = databases.get(databaseName);
  if (parent !== undefined) made.addResourceDependency(parent);
}

function workgroup(stack: Stack, { environment, names }: StackInput): athena.CfnWorkGroup {
  const group = new athena.CfnWorkGroup(stack, 'WorkGroup', {
    name: names.workgroup,
    description: `Loadin, ${environment.name}`,
    recursiveDeleteOption: !environment.production,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: MOST_BYTES,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        // A bucket of the same name that is somebody else's is not written to.
        expectedBucketOwner: environment.account,
        outputLocation: `s3://${names.processedBucket}/athena-results/`,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
  });
  group.applyRemovalPolicy(removalPolicyOf(environment.production));
  return group;
}

/** Views are kept as the statements that make them: run once, in this order, or by `loadin-setup ddl`. */
function query(stack: Stack, { kind, name, database: name_, description, sql }: Statement, group: athena.CfnWorkGroup): void {
  const made = new athena.CfnNamedQuery(stack, `Query-${name.replaceAll(/[^\w]+/g, '-')}`, {
    name: kind === 'view' ? `Make the view ${name}` : name,
    description,
    database: name_,
    queryString: sql,
    workGroup: group.name,
  });
  made.addResourceDependency(group);
}

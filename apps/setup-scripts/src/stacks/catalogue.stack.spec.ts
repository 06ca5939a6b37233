import { Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, REGION, synthesized } from './synthesized.fixture.js';

const prod = synthesized('prod', 'catalogue');
const dev = synthesized('dev', 'catalogue');

describe('catalogue', () => {
  it('projects ingestion date and load type of an entity, and nothing else', () => {
    const [orders_] = Object.values(prod.of('catalogue').findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: 'orders' } } })) as {
      Properties: {
        DatabaseName: string;
        TableInput: {
          Parameters: Record<string, string>;
          PartitionKeys: { Name: string }[];
          StorageDescriptor: { Columns: { Name: string; Type: string }[] };
        };
      };
    }[];
    const { DatabaseName, TableInput } = orders_?.Properties ?? {};
    expect(DatabaseName).toBe('bronze');
    expect(TableInput?.PartitionKeys.map(({ Name }) => Name)).toEqual(['ingestion_date', 'load_type']);
    const projected = Object.keys(TableInput?.Parameters ?? {}).flatMap((key) => /^projection\.(\w+)\.type$/.exec(key)?.[1] ?? []);
    expect(projected).toEqual(['ingestion_date', 'load_type']);
    expect(TableInput?.Parameters['storage.location.template']).toBe(
      's3://lake/data/bronze/orders/ingestion_date=${ingestion_date}/load_type=${load_type}/',
    );
    expect(TableInput?.StorageDescriptor.Columns.slice(0, 3)).toEqual([
      { Name: 'id', Type: 'bigint' },
      { Name: 'total', Type: 'decimal(10,2)' },
      { Name: '_ingestion_ts', Type: 'timestamp' },
    ]);
  });

  it('has raw and logs before anything was loaded, whose names of fields are quoted nowhere', () => {
    const tables = Object.values(dev.of('catalogue').findResources('AWS::Glue::Table')) as {
      Properties: { DatabaseName: string; TableInput: { Name: string } };
    }[];
    expect(tables.map(({ Properties }) => `${Properties.DatabaseName}.${Properties.TableInput.Name}`)).toEqual(
      expect.arrayContaining(['raw.events_objects', 'logs.lines']),
    );
    expect(JSON.stringify(tables)).not.toContain('`');
  });

  it('has the two queries of the guides, in a workgroup that encrypts what it finds and bounds what it reads', () => {
    for (const Name of ['Recent ingestion runs', 'Bronze data counts'])
      for (const { of } of [prod, dev]) of('catalogue').hasResourceProperties('AWS::Athena::NamedQuery', { Name });
    prod.of('catalogue').hasResource('AWS::Athena::WorkGroup', {
      Properties: {
        RecursiveDeleteOption: false,
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: Match.anyValue(),
          ResultConfiguration: {
            ExpectedBucketOwner: ACCOUNT,
            OutputLocation: `s3://concert-data-processed-${ACCOUNT}-${REGION}/athena-results/`,
            EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
          },
        },
      },
      DeletionPolicy: 'Retain',
    });
  });
});

import { lossesOf, type Template, type TemplateResource } from './compare-templates.js';

const bucket: TemplateResource = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'raw', Tags: [] }, DeletionPolicy: 'Retain' };
const table: TemplateResource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: { TableName: 't', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] },
};
const role: TemplateResource = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } };
const storage = (Resources: Template['Resources']) => ({ storage: { Resources } });
const before = storage({ Raw: bucket, Table: table, Role: role });

describe('an upgrade', () => {
  it('loses nothing when resources are changed as they can be, come, or hold no data', () => {
    const after = storage({
      Raw: { ...bucket, Properties: { ...bucket.Properties, Tags: [{ Key: 'a', Value: 'b' }], LifecycleConfiguration: { Rules: [] } } },
      Table: { ...table, DeletionPolicy: 'Retain' },
      Other: bucket,
    });
    expect(lossesOf(before, after)).toEqual([]);
  });

  it.each<[what: string, after: Parameters<typeof lossesOf>[1], loss: { readonly id: string; readonly why: RegExp }]>([
    [
      'another name',
      storage({ Raw: { ...bucket, Properties: { BucketName: 'other' } }, Table: table }),
      { id: 'Raw', why: /replaced .* because BucketName/ },
    ],
    [
      'another key of a table',
      storage({ Raw: bucket, Table: { ...table, Properties: { TableName: 't', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } } }),
      { id: 'Table', why: /because KeySchema/ },
    ],
    ['another logical id', storage({ Lake: bucket, Table: table }), { id: 'Raw', why: /no longer in its stack/ }],
    ['another stack', { ...storage({ Table: table }), lake: { Resources: { Raw: bucket } } }, { id: 'Raw', why: /no longer in its stack/ }],
    ['no stack at all', {}, { id: 'Raw', why: /no longer in its stack/ }],
    [
      'another type',
      storage({ Raw: bucket, Table: { ...table, Type: 'AWS::DynamoDB::GlobalTable' } }),
      { id: 'Table', why: /becomes AWS::DynamoDB::GlobalTable/ },
    ],
    [
      'a bucket that is deleted with its stack',
      storage({ Raw: { ...bucket, DeletionPolicy: 'Delete' }, Table: table }),
      { id: 'Raw', why: /was kept/ },
    ],
  ])('loses data by %s', (_what, after, { id, why }) => {
    expect(lossesOf(before, after)).toContainEqual(expect.objectContaining({ stack: 'storage', id, why: expect.stringMatching(why) as string }));
  });
});

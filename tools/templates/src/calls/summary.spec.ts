import type { RecordedCall } from '@loadin/local-aws';
import { permissionsOf } from './permissions.js';
import { summaryOf } from './summary.js';
import type { Call, Place } from './types.js';

const place: Place = {
  bucket: (target) => `arn:aws:s3:::${target}`,
  jobsFile: 'arn:aws:s3:::artifacts/jobs.yaml',
  table: 'arn:aws:dynamodb:us-east-1:1:table/t',
  stream: 'arn:aws:kinesis:us-east-1:1:stream/s',
  secret: (name) => `arn:aws:secretsmanager:us-east-1:1:secret:${name}`,
};
const record = (more: Partial<RecordedCall>): RecordedCall => ({
  app: 'ingestion',
  service: 's3',
  operation: 'GetObject',
  bucket: 'raw-of-a-spec',
  ...more,
});

describe('the kinds of calls in a record', () => {
  it('are told apart by operation, folder and what AWS looks at, and not by ids and days', () => {
    expect(
      summaryOf([
        record({ key: 'raw/spotify/artists/year=2026/a.json' }),
        record({ key: 'raw/spotify/artists/year=2027/b.json' }),
        record({ key: '_loadin/plans/daily/1.json', missing: true }),
        record({ service: 'dynamodb', operation: 'PutItem', bucket: undefined, resource: 'loadin-checkpoints', leadingKey: 'lease/job/daily' }),
      ]),
    ).toEqual([
      { caller: 'ingestion', service: 'dynamodb', operation: 'PutItem', target: 'table', folder: 'lease' },
      { caller: 'ingestion', service: 's3', operation: 'GetObject', target: 'raw', folder: '_loadin/plans', missing: true },
      { caller: 'ingestion', service: 's3', operation: 'GetObject', target: 'raw', folder: 'raw/spotify' },
    ]);
  });

  it('leave out who is not deployed, and what is wrong on purpose', () => {
    expect(
      summaryOf([
        record({ app: 'loadin-replay', key: 'a/b' }),
        record({ app: 'other', key: 'a/b' }),
        record({ operation: 'HeadBucket', bucket: 'another' }),
      ]),
    ).toEqual([]);
  });

  it('have logs in the bucket of entities, the jobs file apart, and secrets by their purpose', () => {
    const secret = (name: string): RecordedCall =>
      record({
        service: 'secretsmanager',
        operation: 'GetSecretValue',
        bucket: undefined,
        resource: `arn:aws:secretsmanager:us-east-1:0:secret:${name}-AbCdEf`,
      });
    expect(
      summaryOf([
        record({ key: 'logs/pipeline/x' }),
        record({ bucket: 'settings-of-a-spec', key: 'jobs.yaml' }),
        secret('ecom-rds-shop'),
        secret('tm'),
      ]).map(({ target }) => target),
    ).toEqual(['jobs-file', 'logs', 'secret:database', 'secret:ticketmaster']);
    expect(() => summaryOf([secret('unheard-of')])).toThrow(/unheard-of/);
  });
});

describe('what a call needs', () => {
  const needs = (more: Partial<Call>): [string, string][] =>
    permissionsOf({ caller: 'ingestion', service: 's3', operation: 'GetObject', target: 'raw', folder: 'a/b', ...more }, place).map(
      ({ action, resource }) => [action, resource],
    );

  it('is more than its operation: what is missing takes leave to list, what is compared leave to read', () => {
    expect(needs({})).toEqual([['s3:GetObject', 'arn:aws:s3:::raw/a/b/x']]);
    expect(needs({ missing: true })).toEqual([
      ['s3:GetObject', 'arn:aws:s3:::raw/a/b/x'],
      ['s3:ListBucket', 'arn:aws:s3:::raw'],
    ]);
    expect(needs({ operation: 'PutObject', ifMatch: true })).toEqual([
      ['s3:PutObject', 'arn:aws:s3:::raw/a/b/x'],
      ['s3:GetObject', 'arn:aws:s3:::raw/a/b/x'],
    ]);
    expect(needs({ version: true })).toEqual([['s3:GetObjectVersion', 'arn:aws:s3:::raw/a/b/x']]);
  });

  it('is on the bucket where it is about the bucket', () => {
    expect(needs({ operation: 'ListMultipartUploads' })).toEqual([['s3:ListBucketMultipartUploads', 'arn:aws:s3:::raw']]);
    expect(needs({ operation: 'HeadBucket', folder: undefined })).toEqual([['s3:ListBucket', 'arn:aws:s3:::raw']]);
  });

  it('has to be known', () => {
    expect(() => needs({ operation: 'PutBucketAcl' })).toThrow(/There is no rule for what s3 PutBucketAcl needs/);
  });
});

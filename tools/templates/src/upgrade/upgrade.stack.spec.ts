import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesized } from '../synthesized.fixture.js';
import { lossesOf, type Templates } from './compare-templates.js';
import { STATEFUL } from './stateful.js';

jest.setTimeout(300_000);

const ENVIRONMENTS = ['dev', 'prod'] as const;
const previous = (environment: string): Templates =>
  JSON.parse(readFileSync(join(__dirname, '../../previous', `${environment}.json`), 'utf8')) as Templates;

describe('an upgrade from the version before', () => {
  let current: Awaited<ReturnType<typeof synthesized>>;
  beforeAll(async () => (current = await synthesized()));

  it.each(ENVIRONMENTS)('keeps all data of %s where it is', (environment) => {
    expect(lossesOf(previous(environment), current[environment])).toEqual([]);
  });

  it.each(ENVIRONMENTS)('would not keep a bucket of %s under another logical id', (environment) => {
    const { Resources = {} } = current[environment]['storage'] ?? {};
    const bucket = Object.keys(Resources).find((id) => Resources[id]?.Type === 'AWS::S3::Bucket') ?? 'none';
    const renamed = Object.fromEntries(Object.entries(Resources).map(([id, one]) => [id === bucket ? 'AnotherId' : id, one]));
    expect(lossesOf(previous(environment), { ...current[environment], storage: { Resources: renamed } })).toEqual([
      { stack: 'storage', id: bucket, type: 'AWS::S3::Bucket', why: expect.stringContaining('no longer in its stack') as string },
    ]);
  });

  it.each(ENVIRONMENTS)('is looked at: buckets, table, stream and logs of %s', (environment) => {
    const kinds = new Set(Object.values(previous(environment)).flatMap(({ Resources = {} }) => Object.values(Resources).map(({ Type }) => Type)));
    expect(STATEFUL.map(({ type }) => type).filter((type) => kinds.has(type))).toEqual(
      expect.arrayContaining(['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::Logs::LogGroup']),
    );
  });
});

describe('data in production', () => {
  it('stays when its stack is deleted or a resource leaves it', async () => {
    const { prod } = await synthesized();
    const holdsData = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream'];
    const found = Object.entries(prod).flatMap(([stack, { Resources = {} }]) =>
      Object.entries(Resources).flatMap(([id, one]) => (holdsData.includes(one.Type) ? [{ stack, id, policy: one.DeletionPolicy }] : [])),
    );
    expect(found.length).toBeGreaterThanOrEqual(6);
    expect(found.filter(({ policy }) => policy !== 'Retain' && policy !== 'RetainExceptOnCreate')).toEqual([]);
  });
});

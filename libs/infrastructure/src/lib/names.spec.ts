import { loadEnvironment, readSettings } from '@loadin/config';
import { arns, resourceNames } from './names.js';

const place = { environment: 'prod', account: '123456789012', region: 'eu-west-1' };

it('is what the apps take when no setting says otherwise', () => {
  const { stream, state } = readSettings(loadEnvironment({ cwd: import.meta.dirname, env: { AWS_REGION: 'eu-west-1' } }), []);
  const names = resourceNames(place);
  expect({ stream: names.stream, table: names.checkpointTable }).toEqual({ stream: stream.name, table: state.kind === 'dynamodb' && state.table });
});

it('of two environments differs in everything by the suffix', () => {
  const values = (suffix: string): string[] =>
    Object.values(resourceNames({ ...place, suffix })).flatMap((name: unknown) =>
      typeof name === 'string' ? [name] : Object.values(name as object),
    );
  const plain = values('');
  expect(values('-dev').filter((name) => plain.includes(name))).toEqual([]);
  expect(new Set(plain).size).toBeGreaterThan(20);
});

it('may be given where something is there already', () => {
  expect(resourceNames({ ...place, suffix: '-dev', names: { rawBucket: 'concert-data-raw' } })).toMatchObject({
    rawBucket: 'concert-data-raw',
    bronzeBucket: 'concert-data-bronze-dev-123456789012-eu-west-1',
  });
});

it('fits into what AWS allows, also the longest', () => {
  const names = resourceNames({ ...place, region: 'ap-southeast-2', suffix: '-123456789012' });
  for (const bucket of [names.rawBucket, names.failedBatchesBucket, names.logsBucket, names.artifactsBucket, names.trailBucket])
    expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  for (const fn of [names.ingestionFunction, names.bronzeFunction, names.consumerFunction]) expect(fn).toMatch(/^[\w-]{1,64}$/);
});

it('becomes the ARN that IAM knows', () => {
  expect(arns.table(place, 'loadin-checkpoints')).toBe('arn:aws:dynamodb:eu-west-1:123456789012:table/loadin-checkpoints');
  expect(arns.objects('lake', 'raw/*')).toBe('arn:aws:s3:::lake/raw/*');
});

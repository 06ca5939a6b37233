import { grantsOf, idleGrants, isAllowed, without, type Policy } from './judge.js';
import type { Permission } from './types.js';

const ACCOUNT = '123456789012';
const read: Permission = { action: 's3:GetObject', resource: 'arn:aws:s3:::lake/raw/x', context: {} };
const list: Permission = { action: 's3:ListBucket', resource: 'arn:aws:s3:::lake', context: {} };
const policy = (...Statement: Policy['Statement']): Policy => ({ Version: '2012-10-17', Statement });
const good = policy(
  { Sid: 'Objects', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::lake/raw/*' },
  { Sid: 'Find', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::lake' },
);

describe('a policy', () => {
  it('allows what it names, on what it names', async () => {
    expect(await isAllowed(good, read, ACCOUNT)).toBe(true);
    expect(await isAllowed(good, list, ACCOUNT)).toBe(true);
    expect(await isAllowed(good, { ...read, resource: 'arn:aws:s3:::lake/bronze/x' }, ACCOUNT)).toBe(false);
    expect(await isAllowed(good, { ...read, action: 's3:DeleteObject' }, ACCOUNT)).toBe(false);
  });

  it('that grants the listing of a bucket on its objects grants nothing', async () => {
    const mistaken = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::lake/*' });
    expect(await isAllowed(mistaken, list, ACCOUNT)).toBe(false);
  });

  it('is followed in its conditions', async () => {
    const leading = policy({
      ...{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/t` },
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run/*'] } },
    });
    const get = (key: string): Permission => ({
      ...{ action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/t` },
      context: { 'dynamodb:LeadingKeys': [key] },
    });
    expect([await isAllowed(leading, get('run/1'), ACCOUNT), await isAllowed(leading, get('lease/1'), ACCOUNT)]).toEqual([true, false]);
  });

  it('is followed where alias and version of a function can’t be told apart', async () => {
    const live = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f:live`;
    const ask: Permission = { action: 'lambda:GetProvisionedConcurrencyConfig', resource: live, context: {} };
    const allowed = (Action: string, Resource: string): Policy => policy({ Effect: 'Allow', Action, Resource });
    expect(await isAllowed(allowed(ask.action, live), ask, ACCOUNT)).toBe(true);
    expect(await isAllowed(allowed(ask.action, live.replace(':live', ':1')), ask, ACCOUNT)).toBe(false);
    expect(await isAllowed(allowed('lambda:GetAlias', live), ask, ACCOUNT)).toBe(false);
  });

  it('grants for nothing what could be taken away', async () => {
    expect(grantsOf(good).map(({ action }) => action)).toEqual(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    expect(await idleGrants(good, [read, list], ACCOUNT)).toEqual([{ statement: 0, sid: 'Objects', action: 's3:PutObject' }]);
    // The same twice: each alone would do.
    const double = policy(...good.Statement, { Sid: 'Again', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::lake' });
    expect((await idleGrants(double, [read, list], ACCOUNT)).map(({ sid }) => sid)).toEqual(['Objects', 'Find', 'Again']);
  });

  it('loses one action at a time', async () => {
    const poorer = without(good, { statement: 0, sid: 'Objects', action: 's3:GetObject' });
    expect([await isAllowed(poorer, read, ACCOUNT), await isAllowed(poorer, list, ACCOUNT)]).toEqual([false, true]);
    expect(without(poorer, { statement: 0, sid: 'Objects', action: 's3:PutObject' }).Statement).toHaveLength(1);
  });

  it('can’t be asked about what IAM does not know', async () => {
    await expect(isAllowed(good, { ...read, action: 'nope:Nope' }, ACCOUNT)).rejects.toThrow(/^IAM can't be asked for nope:Nope on /);
  });
});

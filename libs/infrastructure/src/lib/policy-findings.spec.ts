import { policyFindings } from './policy-findings.js';
import type { PolicyStatement } from './role-policies.js';

const findings = (Action: string | string[], Resource: PolicyStatement['Resource'], Effect: 'Allow' | 'Deny' = 'Allow'): string[] =>
  policyFindings([{ role: 'R', service: 'lambda.amazonaws.com', policy: { Version: '2012-10-17', Statement: [{ Effect, Action, Resource }] } }]);

it.each([
  ['lambda:InvokeFunction', '*', 'R: lambda:InvokeFunction on *'],
  ['s3:ListBucket', 'arn:aws:s3:::lake/*', 'R: s3:ListBucket on objects'],
  ['s3:*', 'arn:aws:s3:::lake', 'R: s3:* is more than one action'],
])('finds %s on %s', (action, resource, finding) => {
  expect(findings(action, resource)).toEqual([finding]);
});

it('takes what has no resources, what is denied, and objects below a prefix', () => {
  expect(findings('ecr:GetAuthorizationToken', '*')).toEqual([]);
  expect(findings('s3:*', '*', 'Deny')).toEqual([]);
  expect(findings(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::lake/raw/*')).toEqual([]);
});

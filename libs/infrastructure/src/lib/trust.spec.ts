import { trustFindings } from './trust.js';

const role = (Statement: object) => ({
  Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [Statement] } } } },
});
const Condition = { StringEquals: { 'aws:SourceAccount': '123456789012' } };

describe('the trust of a role', () => {
  it('is right for a service that acts for this account, and for one that acts for nobody else', () => {
    expect(trustFindings(role({ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Condition }), '123456789012')).toEqual([]);
    expect(trustFindings(role({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }), '123456789012')).toEqual([]);
  });

  it.each([
    [
      'a service may act for anybody',
      { Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' } },
      /codedeploy\.amazonaws\.com may take it for other/,
    ],
    [
      'a service acts for another account',
      { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } },
      /for other accounts/,
    ],
    ['an account takes it', { Effect: 'Allow', Principal: { AWS: '*' } }, /no service/],
  ])('is wrong when %s', (_what, statement, finding) =>
    expect(trustFindings(role(statement), '123456789012')).toEqual([expect.stringMatching(finding)]),
  );
});

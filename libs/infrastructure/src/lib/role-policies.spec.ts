import { resolvedPolicies } from './role-policies.js';

const place = { account: '123456789012', region: 'eu-west-1' };
const role = {
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] } },
};
const policyOf = (resources: unknown[], name = 'Role') => ({
  Type: 'AWS::IAM::Policy',
  Properties: { Roles: [{ Ref: name }], PolicyDocument: { Statement: resources.map((Resource) => ({ Effect: 'Allow', Action: 'a:B', Resource })) } },
});

it('gives each role all that its policies say, and nothing of others', () => {
  const Resources = { Role: role, Other: role, One: policyOf(['x']), Two: policyOf(['y']), Third: policyOf(['z'], 'Other') };
  const found = resolvedPolicies({ Resources }, place);
  expect(found.map(({ role: id, service, policy }) => [id, service, policy.Statement.map(({ Resource }) => Resource)])).toEqual([
    ['Role', 'lambda.amazonaws.com', ['x', 'y']],
    ['Other', 'lambda.amazonaws.com', ['z']],
  ]);
});

it('puts ARNs where the template has references', () => {
  const Resources = {
    Role: role,
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/f' } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters' } },
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'run' } },
    Policy: policyOf([
      { 'Fn::GetAtt': ['Log', 'Arn'] },
      { 'Fn::GetAtt': ['Queue', 'Arn'] },
      { Ref: 'Machine' },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'AWS::AccountId' }]] },
    ]),
  };
  expect(resolvedPolicies({ Resources }, place)[0]?.policy.Statement.map(({ Resource }) => Resource)).toEqual([
    'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*',
    'arn:aws:sqs:eu-west-1:123456789012:letters',
    'arn:aws:states:eu-west-1:123456789012:stateMachine:run',
    'arn:aws:s3:::123456789012',
  ]);
});

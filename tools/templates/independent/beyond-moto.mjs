// Stacks that moto's CloudFormation can't make: what it says then, and why. Each has to fail so; one that is made has to leave the list. They are judged by cfn-lint and by
// specifications.
export const BEYOND_MOTO = [
  {
    stack: 'observability',
    reason: 'it passes over AWS::CloudWatch::Alarm of some kinds, and then does not find them where the dashboard refers to them',
    says: /Fn::GetAtt references undefined resource/,
  },
  {
    stack: 'consumer',
    reason: 'it knows no aliases of functions, to one of which the stream is mapped, and answers in a form that no client reads',
    says: /XML parse error|unexpected content|not well-formed|mismatched tag|not found|404/,
  },
];

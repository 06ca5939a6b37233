// Stacks that moto's CloudFormation can't make: what it says then, and why. Each has to fail so; one that is made has to leave the list. They are judged by cfn-lint and by
// specifications.
const CRASH = /500 Internal Server Error/;

export const BEYOND_MOTO = [
  {
    environment: 'dev',
    stack: 'observability',
    reason: 'it passes over alarms, and does not find them where others refer to them',
    says: /Fn::GetAtt references undefined resource Alarm/,
  },
  {
    environment: 'dev',
    stack: 'consumer',
    reason: 'it finds no function by its alias, to which the stream is mapped',
    says: /Function not found: .*:live/,
  },
  { environment: 'prod', stack: 'network', reason: 'it crashes over the VPC', says: CRASH },
  { environment: 'prod', stack: 'ingestion', reason: 'it crashes over the function in the VPC that it has not made', says: CRASH },
  { environment: 'prod', stack: 'fargate', reason: 'it crashes over the containers in the VPC that it has not made', says: CRASH },
  { environment: 'prod', stack: 'consumer', reason: 'as in dev', says: /Function not found: .*:live/ },
  { environment: 'prod', stack: 'observability', reason: 'as in dev', says: /Fn::GetAtt references undefined resource|500 Internal Server Error/ },
];

// What moto's CloudFormation, as it is, can't make of these stacks, each with what it says then; moto-server.py adds what is missing, and then it makes them all. Each has to fail
// so without that; one that is made has to leave the list.
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
    reason: 'it passes over aliases, and finds no function by the one to which the stream is mapped',
    says: /Function not found: .*:live/,
  },
  { environment: 'prod', stack: 'network', reason: 'it takes the tags of a parameter for a list, and crashes', says: CRASH },
  { environment: 'prod', stack: 'ingestion', reason: 'it crashes over the parameters of the network that it has not made', says: CRASH },
  { environment: 'prod', stack: 'fargate', reason: 'it crashes over the parameters of the network that it has not made', says: CRASH },
  { environment: 'prod', stack: 'consumer', reason: 'as in dev', says: /Function not found: .*:live/ },
  { environment: 'prod', stack: 'observability', reason: 'as in dev', says: /Fn::GetAtt references undefined resource Alarm/ },
];

/** Kinds of resources that it passes over without a word, with what is added too: what they are made of is for cfn-lint and the specifications of the stacks to say. */
export const PASSED_OVER = [
  'AWS::Athena::NamedQuery',
  'AWS::Athena::WorkGroup',
  'AWS::CloudTrail::Trail',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { arns } from '../lib/names.js';
import { runStateMachine } from '../lib/state-machine/run-state-machine.js';
import { stateMachineStatements } from '../lib/state-machine/statements.js';
import type { RunStateMachineOptions } from '../lib/state-machine/types.js';
import { acknowledge, acknowledgeStars } from './acknowledge.js';
import type { StackInput } from './types.js';

/**
 * The state machine that runs jobs in phases, with a role that may do what its definition does. Functions and topic are named by plain ARNs: the definition in the template is
 * the JSON that specifications execute.
 */
export function jobStateMachine(scope: Construct, input: StackInput, functions: RunStateMachineOptions['functions']): sfn.StateMachine {
  const { environment, names } = input;
  const alarmTopicArn = arns.topic(environment, names.alarmTopic);
  const role = new iam.Role(scope, 'RunRole', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': environment.account } } }),
  });
  const stateMachineArn = arns.stateMachine(environment, names.stateMachine);
  const buckets = [names.rawBucket, names.bronzeBucket];
  const statements = stateMachineStatements({ functions, alarmTopicArn, stateMachineArn, buckets });
  for (const { actions, resources } of statements) role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }));
  acknowledgeStars(
    role,
    statements.flatMap(({ resources }) => resources.filter((resource) => resource.endsWith('*'))),
    'Lists of slices and executions of this state machine have names that are made when it runs.',
  );
  acknowledgeStars(
    role,
    ['*'],
    'The delivery of logs, and traces, know no resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  );
  const machine = new sfn.StateMachine(scope, 'Run', {
    stateMachineName: names.stateMachine,
    comment: 'Runs a job in phases',
    definitionBody: sfn.DefinitionBody.fromString(JSON.stringify(runStateMachine({ functions, alarmTopicArn }))),
    role,
    tracingEnabled: environment.tracing,
    // What is processed is in the lake, not in logs.
    logs: { destination: logOf(scope, input), level: sfn.LogLevel.ALL, includeExecutionData: false },
  });
  if (!environment.tracing) acknowledge(machine, 'AwsSolutions-SF2', 'Traces are an option of the environment: tracing: true.');
  return machine;
}

/** Names that begin so are not counted against the size of a policy that CloudWatch Logs keeps of its own. */
function logOf(scope: Construct, { environment, names }: StackInput): logs.LogGroup {
  return new logs.LogGroup(scope, 'RunLog', {
    logGroupName: `/aws/vendedlogs/states/${names.stateMachine}`,
    retention: environment.retention.logDays,
    removalPolicy: environment.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}

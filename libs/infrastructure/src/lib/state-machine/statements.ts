import type { RunStateMachineOptions } from './types.js';

/** What the role of the state machine is allowed. */
export interface StateMachineStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Which state needs it. */
  readonly reason: string;
}

export interface StateMachineStatementsOptions extends Pick<RunStateMachineOptions, 'functions' | 'alarmTopicArn'> {
  /** Its own: `arn:aws:states:eu-west-1:123456789012:stateMachine:loadin-run`. */
  readonly stateMachineArn: string;
  /** The buckets in which runs of its jobs lie: lists of slices are read there. */
  readonly buckets: readonly string[];
}

/**
 * All that the definition of `runStateMachine` with the same functions and topic calls.
 * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function stateMachineStatements(options: StateMachineStatementsOptions): readonly StateMachineStatement[] {
  const { functions, alarmTopicArn, stateMachineArn, buckets } = options;
  const executions = stateMachineArn.replace(':stateMachine:', ':execution:');
  return [
    { actions: ['lambda:InvokeFunction'], resources: functions.map(({ arn }) => arn), reason: 'Plan, Slice, Finish' },
    { actions: ['s3:GetObject'], resources: buckets.map((bucket) => `arn:aws:s3:::${bucket}/_loadin/waves/*`), reason: 'Slices: its list' },
    { actions: ['states:StartExecution'], resources: [stateMachineArn], reason: 'Hand over; Slices: an execution for each' },
    { actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [`${executions}:*`], reason: 'Slices: watches its executions' },
    { actions: ['states:RedriveExecution'], resources: [`${executions}/slices:*`], reason: 'Slices: when an execution is redriven' },
    ...(alarmTopicArn === undefined ? [] : [{ actions: ['sns:Publish'], resources: [alarmTopicArn], reason: 'Alarm' }]),
  ];
}

import type { Json, State } from './types.js';

/** Names of states, which are also what is seen in the console. */
export const STATE = {
  begin: 'Begin',
  takeOver: 'Take over',
  plan: 'Plan',
  finish: 'Finish',
  firstWave: 'First wave',
  whyStopped: 'Why stopped?',
  taskFailed: 'A task failed',
  alarm: 'Alarm',
  failed: 'Failed',
} as const;

/** Lambda itself, not the function: https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];
/** The function was killed (time, memory), or says itself that another try may do. An event can be sent again at any time: what is delivered stays so. */
const WORTH_ANOTHER_TRY = ['RetryableError', 'Sandbox.Timedout', 'Runtime.ExitError', 'Lambda.Unknown', 'States.Timeout'];

/** With jitter, or functions that were throttled together would come back together. */
const retries: Json = [
  { ErrorEquals: LAMBDA_ERRORS, IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2, MaxDelaySeconds: 120, JitterStrategy: 'FULL' },
  // What a killed function held is free after one length of its lease, half a minute.
  { ErrorEquals: WORTH_ANOTHER_TRY, IntervalSeconds: 40, MaxAttempts: 2, BackoffRate: 2, MaxDelaySeconds: 120, JitterStrategy: 'FULL' },
];

export interface InvokeOptions {
  /** The event: a path (`$.event`) or fields. */
  readonly payload: Json;
  readonly timeoutSeconds: number;
  /** What becomes of the answer, `Next` or `End`, and of an error that no retry helped. */
  readonly then: { readonly [field: string]: Json };
}

/** A call of the function that `$.function` names. Its answer is `Payload` of the result. */
export function invoke({ payload, timeoutSeconds, then }: InvokeOptions): State {
  const field = typeof payload === 'string' ? 'Payload.$' : 'Payload';
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { 'FunctionName.$': '$.function', [field]: payload },
    // A minute for Lambda itself: the function's own time-out is to come first.
    TimeoutSeconds: timeoutSeconds + 60,
    Retry: retries,
    ...then,
  };
}

/** What is left when no retry helped. */
export const toFailure: Json = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: STATE.taskFailed }];

/** A rule of a Choice. */
export const when = (variable: string, condition: { readonly [operator: string]: Json }, next: string): Json => ({
  Variable: variable,
  ...condition,
  Next: next,
});

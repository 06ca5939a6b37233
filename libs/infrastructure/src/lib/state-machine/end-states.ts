import { invoke, STATE, toFailure, when } from './tasks.js';
import type { Json, State, States } from './types.js';

const PROBLEMS = 'States.JsonToString($.outcome.answer.problems)';

/** Finishes the run, and decides by what is said of it: done, go on now or later, or failed. */
export function endStates(maxRounds: number, timeoutSeconds: number): States {
  return {
    [STATE.finish]: invoke({
      payload: { 'job_type.$': '$.event.job_type', phase: 'finish', 'run_id.$': '$.run.run_id' },
      timeoutSeconds,
      then: { ResultSelector: { 'answer.$': '$.Payload' }, ResultPath: '$.outcome', Catch: toFailure, Next: 'Finished?' },
    }),
    'Finished?': {
      Type: 'Choice',
      Choices: [
        when('$.outcome.answer.already_complete', { BooleanEquals: true }, 'Complete'),
        { And: [isStatus('complete'), { Variable: '$.outcome.answer.problems[0]', IsPresent: true }], Next: 'Run has problems' },
        { ...isStatus('complete'), Next: 'Complete' },
        { ...isStatus('stopped'), Next: STATE.whyStopped },
      ],
      Default: 'Run failed',
    },
    Complete: { Type: 'Succeed', OutputPath: '$.outcome.answer' },
    ...goOnStates(maxRounds),
    'Run failed': failure('RunFailed', PROBLEMS),
    'Run has problems': failure('RunHasProblems', PROBLEMS),
    'Too many rounds': failure('TooManyRounds', PROBLEMS),
  };
}

const isStatus = (status: string): { readonly [field: string]: Json } => ({ Variable: '$.outcome.answer.status', StringEquals: status });

/** After the time of the function: at once. After a quota, or while another process is at work on the run: when that says, else in a minute. */
function goOnStates(maxRounds: number): States {
  const reason = '$.outcome.answer.reason';
  return {
    [STATE.whyStopped]: {
      Type: 'Choice',
      Choices: [
        when('$.round', { NumericGreaterThanEquals: maxRounds }, 'Too many rounds'),
        when(reason, { StringEquals: 'cancelled' }, 'Run failed'),
        when('$.outcome.answer.resume_after', { IsPresent: true }, 'Until then'),
        when(reason, { StringEquals: 'deadline' }, 'Next round'),
      ],
      Default: 'A minute',
    },
    'Until then': { Type: 'Wait', TimestampPath: '$.outcome.answer.resume_after', Next: 'Next round' },
    'A minute': { Type: 'Wait', Seconds: 60, Next: 'Next round' },
    'Next round': {
      Type: 'Pass',
      Parameters: {
        ...{ 'event.$': '$.event', 'function.$': '$.function', 'planning.$': '$.planning', 'hand_over.$': '$.hand_over' },
        'round.$': 'States.MathAdd($.round, 1)',
      },
      Next: STATE.plan,
    },
  };
}

/** `cause`: a path or an intrinsic function. */
const failure = (error: string, cause: string): State => ({
  Type: 'Pass',
  Parameters: { error, 'cause.$': cause },
  ResultPath: '$.failure',
  Next: STATE.alarm,
});

/** Tells the topic, if there is one, and fails in any case. */
export function failureStates(topicArn: string | undefined): States {
  const ends: States = {
    [STATE.taskFailed]: {
      Type: 'Pass',
      Parameters: { 'error.$': '$.error.Error', 'cause.$': '$.error.Cause' },
      ResultPath: '$.failure',
      Next: STATE.alarm,
    },
    [STATE.failed]: { Type: 'Fail', ErrorPath: '$.failure.error', CausePath: '$.failure.cause' },
  };
  if (topicArn === undefined) return { ...ends, [STATE.alarm]: { Type: 'Pass', Next: STATE.failed } };
  return {
    ...ends,
    [STATE.alarm]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: {
        TopicArn: topicArn,
        'Subject.$': "States.Format('Loadin: the job {} has failed', $.event.job_type)",
        Message: { 'event.$': '$.event', 'execution.$': '$$.Execution.Id', 'error.$': '$.failure.error', 'cause.$': '$.failure.cause' },
      },
      ResultPath: null,
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.alarm', Next: STATE.failed }],
      Next: STATE.failed,
    },
  };
}

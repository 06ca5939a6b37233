import { invoke, STATE, toFailure, when } from './tasks.js';
import type { States } from './types.js';

/**
 * Plans the run, and hands it to an execution that is named by it: of two that are started for the same scheduled time one works. Where that is not possible, because
 * an execution of this name has ended before, the run is gone on with here.
 */
export function planStates(timeoutSeconds: number): States {
  return {
    [STATE.plan]: invoke({
      payload: 'States.JsonMerge($.event, $.planning, false)',
      timeoutSeconds,
      then: { ResultSelector: { 'answer.$': '$.Payload' }, ResultPath: '$.outcome', Catch: toFailure, Next: 'Planned?' },
    }),
    'Planned?': {
      Type: 'Choice',
      Choices: [
        when('$.outcome.answer.status', { StringEquals: 'planned' }, 'Run'),
        when('$.outcome.answer.status', { StringEquals: 'complete' }, 'Complete before'),
        when('$.outcome.answer.status', { StringEquals: 'stopped' }, STATE.whyStopped),
      ],
      Default: 'Run failed',
    },
    'Complete before': { Type: 'Succeed', OutputPath: '$.outcome.answer' },
    Run: {
      Type: 'Pass',
      Parameters: { 'run_id.$': '$.outcome.answer.run_id', 'waves.$': '$.outcome.answer.waves' },
      ResultPath: '$.run',
      Next: 'Hand over?',
    },
    'Hand over?': {
      Type: 'Choice',
      Choices: [
        when('$.hand_over', { BooleanEquals: false }, STATE.firstWave),
        when('$$.Execution.Name', { StringEqualsPath: '$.run.run_id' }, STATE.firstWave),
      ],
      Default: 'Hand over',
    },
    'Hand over': {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      // Nothing of this execution: one of the same name and the same input is the same execution.
      Parameters: { 'StateMachineArn.$': '$$.StateMachine.Id', 'Name.$': '$.run.run_id', Input: { 'event.$': '$.event', 'run.$': '$.run' } },
      ResultSelector: { 'execution.$': '$.ExecutionArn' },
      ResultPath: '$.handed_over',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.not_handed_over', Next: STATE.firstWave }],
      Next: 'Handed over',
    },
    'Handed over': { Type: 'Succeed', OutputPath: '$.handed_over' },
  };
}

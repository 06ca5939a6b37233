import { STATE, when } from './tasks.js';
import type { JobFunction, State, States } from './types.js';

/**
 * From the input to what all other states go by: `event`, `function`, `planning`, `round`, and `run` in an execution that takes a planned run over.
 */
export function beginStates(functions: readonly JobFunction[]): States {
  const begin = { planning: { phase: 'plan' }, round: 0 };
  return {
    'Planned before?': {
      Type: 'Choice',
      Choices: [when('$.run.run_id', { IsPresent: true }, STATE.takeOver)],
      Default: STATE.begin,
    },
    [STATE.begin]: { Type: 'Pass', Parameters: { 'event.$': '$', ...begin, hand_over: true }, Next: 'Which job?' },
    'Which job?': {
      Type: 'Choice',
      Choices: [when('$.event.job_type', { IsPresent: true }, 'Which function?')],
      Default: 'No job',
    },
    'No job': {
      Type: 'Fail',
      Error: 'NoJob',
      Cause: 'The input names no job. Give for example {"job_type": "daily", "scheduled_time": "2024-11-08T02:00:00Z"}',
    },
    [STATE.takeOver]: {
      Type: 'Pass',
      Parameters: { 'event.$': '$.event', 'run.$': '$.run', ...begin, hand_over: false },
      Next: 'Which function?',
    },
    ...functionStates(functions),
    'Planned now?': {
      Type: 'Choice',
      Choices: [when('$.run.run_id', { IsPresent: true }, STATE.firstWave)],
      Default: STATE.plan,
    },
  };
}

function functionStates(functions: readonly JobFunction[]): States {
  const named = functions.map((one, index) => ({ ...one, state: `Function ${index + 1}` }));
  const others = named.find(({ jobs }) => jobs === undefined);
  const choices = named.flatMap(({ jobs = [], state }) => jobs.map((job) => when('$.event.job_type', { StringEquals: job }, state)));
  const which: State =
    choices.length === 0
      ? { Type: 'Pass', Next: others?.state ?? '' }
      : { Type: 'Choice', Choices: choices, Default: others?.state ?? 'Unknown job' };
  const unknown: States = {
    'Unknown job': {
      Type: 'Pass',
      Parameters: { error: 'UnknownJob', 'cause.$': "States.Format('No function is there for the job {}', $.event.job_type)" },
      ResultPath: '$.failure',
      Next: STATE.alarm,
    },
  };
  return {
    'Which function?': which,
    ...(others === undefined ? unknown : {}),
    ...Object.fromEntries(
      named.map(({ arn, state }): [string, State] => [state, { Type: 'Pass', Result: arn, ResultPath: '$.function', Next: 'Planned now?' }]),
    ),
  };
}

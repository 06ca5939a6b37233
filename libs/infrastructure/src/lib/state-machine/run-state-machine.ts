import { FatalError } from '@loadin/resilience';
import { beginStates } from './begin-states.js';
import { endStates, failureStates } from './end-states.js';
import { planStates } from './plan-states.js';
import type { RunStateMachineOptions, StateMachineDefinition } from './types.js';
import { waveStates } from './wave-states.js';

/** Pending uploads of a run are kept as long. */
const SEVEN_DAYS = 7 * 86_400;

/**
 * The state machine that runs a job in phases, as Amazon States Language in JSONPath. Its input is the function's event, `{"job_type": "daily", "scheduled_time": "…"}`; its
 * output the answer of the phase that ended the run. Throws `FatalError` when it isn't clear which function a job is of.
 */
export function runStateMachine(options: RunStateMachineOptions): StateMachineDefinition {
  const { functions, alarmTopicArn, maxConcurrency = 10, maxRounds = 200, functionTimeoutSeconds = 900 } = options;
  check(functions);
  return {
    Comment: 'Plans a run, reads its slices side by side, goes on after a stop, finishes it.',
    QueryLanguage: 'JSONPath',
    StartAt: 'Planned before?',
    TimeoutSeconds: SEVEN_DAYS,
    States: {
      ...beginStates(functions),
      ...planStates(functionTimeoutSeconds),
      ...waveStates(maxConcurrency, functionTimeoutSeconds),
      ...endStates(maxRounds, functionTimeoutSeconds),
      ...failureStates(alarmTopicArn),
    },
  };
}

function check(functions: RunStateMachineOptions['functions']): void {
  if (functions.filter(({ jobs }) => jobs === undefined).length > 1)
    throw new FatalError('More than one function of the state machine takes the jobs that no other one names', {
      hint: 'Give `jobs` to all functions but one.',
    });
  const jobs = functions.flatMap((one) => one.jobs ?? []);
  const twice = jobs.find((job, index) => jobs.indexOf(job) !== index);
  if (twice !== undefined) throw new FatalError(`Two functions of the state machine are for the job ${twice}`);
}

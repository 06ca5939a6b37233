import { invoke, STATE, toFailure, when } from './tasks.js';
import type { States } from './types.js';

/** Of a wave that was read: how many slices ended as which, in words, so that thousands of slices stay far below the 256 KB of a state. */
const ENDED_AS = { stopped: "States.ArrayContains($.wave.results, 'stopped')", failed: "States.ArrayContains($.wave.results, 'failed')" };

/**
 * Wave after wave, the slices of each at the same time. When some did not get to their end, the next waves would find less than they read: then it is finished,
 * and what is left is for another round.
 */
export function waveStates(maxConcurrency: number, timeoutSeconds: number): States {
  return {
    [STATE.firstWave]: {
      Type: 'Pass',
      Parameters: { number: 0, 'count.$': 'States.ArrayLength($.run.waves)' },
      ResultPath: '$.wave',
      Next: 'Wave left?',
    },
    'Wave left?': {
      Type: 'Choice',
      Choices: [when('$.wave.number', { NumericLessThanPath: '$.wave.count' }, 'Next wave')],
      Default: STATE.finish,
    },
    'Next wave': {
      Type: 'Pass',
      Parameters: { 'number.$': '$.wave.number', 'count.$': '$.wave.count', 'list.$': 'States.ArrayGetItem($.run.waves, $.wave.number)' },
      ResultPath: '$.wave',
      Next: 'Slices',
    },
    Slices: slices(maxConcurrency, timeoutSeconds),
    'Wave read': {
      Type: 'Pass',
      Parameters: {
        'number.$': 'States.MathAdd($.wave.number, 1)',
        'count.$': '$.wave.count',
        'stopped.$': ENDED_AS.stopped,
        'failed.$': ENDED_AS.failed,
      },
      ResultPath: '$.wave',
      Next: 'All of it?',
    },
    'All of it?': {
      Type: 'Choice',
      Choices: [when('$.wave.stopped', { BooleanEquals: true }, STATE.finish), when('$.wave.failed', { BooleanEquals: true }, STATE.finish)],
      Default: 'Wave left?',
    },
  };
}

/** A slice that fails ends as the word for it: what it means for the run is said when that is finished, and the others are not held up. */
function slices(maxConcurrency: number, timeoutSeconds: number): States[string] {
  const slice = invoke({
    payload: '$.event',
    timeoutSeconds,
    then: {
      ResultSelector: { 'status.$': '$.Payload.status' },
      OutputPath: '$.status',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Slice failed' }],
      End: true,
    },
  });
  return {
    Type: 'Map',
    Label: 'slices',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { 'Bucket.$': '$.wave.list.bucket', 'Key.$': '$.wave.list.key' },
    },
    ItemSelector: { 'event.$': '$$.Map.Item.Value', 'function.$': '$.function' },
    MaxConcurrency: maxConcurrency,
    ToleratedFailurePercentage: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Slice',
      States: { Slice: slice, 'Slice failed': { Type: 'Pass', Result: 'failed', End: true } },
    },
    ResultPath: '$.wave.results',
    Retry: [{ ErrorEquals: ['States.ItemReaderFailed'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL' }],
    Catch: toFailure,
    Next: 'Wave read',
  };
}

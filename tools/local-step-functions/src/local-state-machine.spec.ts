import { createLocalStateMachine, definitionFaults, type Json, type LocalServices, type LocalWait } from './index.js';

const definition = {
  StartAt: 'List',
  States: {
    List: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:list', 'Payload.$': '$' },
      ResultSelector: { 'key.$': '$.Payload.key' },
      ResultPath: '$.list',
      Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException', 'Busy'], IntervalSeconds: 600, MaxAttempts: 2 }],
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: 'lists', 'Key.$': '$.list.key' },
      },
      ItemSelector: { 'item.$': '$$.Map.Item.Value', 'of.$': '$.name' },
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'One',
        States: {
          One: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:one', 'Payload.$': '$' },
            OutputPath: '$.Payload',
            End: true,
          },
        },
      },
      ResultPath: '$.results',
      Catch: [{ ErrorEquals: ['States.ItemReaderFailed', 'Wrong'], ResultPath: '$.error', Next: 'Wait' }],
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', TimestampPath: '$.until', Next: 'Tell' },
    Tell: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Parameters: { 'Message.$': '$.name' }, ResultPath: null, End: true },
  },
};

function services(more: Partial<LocalServices> = {}): LocalServices & { calls: Json[]; waits: LocalWait[]; published: Json[] } {
  const [calls, waits, published]: [Json[], LocalWait[], Json[]] = [[], [], []];
  return {
    calls,
    waits,
    published,
    invoke: async (arn, payload) => {
      calls.push([arn.split(':').at(-1) ?? '', payload]);
      return { payload: arn.endsWith('list') ? { key: 'a.json' } : payload };
    },
    getObject: async (bucket, key) => `["${bucket}","${key}"]`,
    publish: async (message) => void published.push(message),
    wait: async (wait) => void waits.push(wait),
    ...more,
  };
}
const input = { name: 'n', until: '2026-03-01T00:00:00Z' };

describe('a state machine that is run here', () => {
  it('calls functions, reads its items from a bucket, waits as long as it is told to, tells a topic', async () => {
    const outside = services();
    const execution = createLocalStateMachine(definition, outside).start(input, 'first');
    expect(await execution.ended).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        ...input,
        results: [
          { item: 'lists', of: 'n' },
          { item: 'a.json', of: 'n' },
        ],
      },
    });
    expect(outside.calls).toEqual([
      ['list', input],
      ['one', { item: 'lists', of: 'n' }],
      ['one', { item: 'a.json', of: 'n' }],
    ]);
    expect(outside.waits).toEqual([{ state: 'Wait', until: input.until }]);
    expect(outside.published).toEqual([{ Message: 'n' }]);
    expect(execution.states.filter((state) => !state.includes('items'))).toEqual(['List', 'Each', 'One', 'One', 'Wait', 'Tell']);
    expect(execution.largestState).toBeGreaterThan(100);
  });

  it('knows errors by the names that AWS gives them', async () => {
    const errors = [Object.assign(new Error('too many'), { name: 'TooManyRequestsException' }), undefined];
    const busy = services({
      invoke: async () => {
        const error = errors.shift();
        if (error !== undefined) throw error;
        return { functionError: 'Unhandled', payload: { errorType: 'Wrong', errorMessage: 'no' } };
      },
    });
    expect(await createLocalStateMachine(definition, busy).start(input, 'n').ended).toEqual({
      status: 'FAILED',
      error: 'Wrong',
      cause: '{"errorType":"Wrong","errorMessage":"no"}',
    });
    const unread = services({ getObject: () => Promise.reject(new Error('NoSuchKey')) });
    expect(await createLocalStateMachine(definition, unread).start(input, 'n').ended).toMatchObject({
      output: { error: { Error: 'States.ItemReaderFailed', Cause: 's3://lists/a.json: NoSuchKey' } },
    });
  });

  it('fails when a state is larger than AWS allows', async () => {
    const outside = services({ invoke: async () => ({ payload: { key: 'k'.repeat(300_000) } }) });
    expect(await createLocalStateMachine(definition, outside).start(input, 'n').ended).toMatchObject({ error: 'States.DataLimitExceeded' });
  });

  it('starts one execution of a name', async () => {
    const machine = createLocalStateMachine(definition, services());
    const first = machine.start(input, 'n');
    expect(machine.start(input, 'n')).toBe(first);
    expect(() => machine.start({}, 'n')).toThrow('There was an execution named n');
    await first.ended;
    expect(() => machine.start(input, 'n')).toThrow('There was an execution named n');
  });

  it('is refused when it is none, or calls what is not known here', () => {
    expect(definitionFaults(definition)).toEqual([]);
    const lost = { ...definition, StartAt: 'Nowhere' };
    expect(definitionFaults(lost)).not.toEqual([]);
    const states = { Other: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } };
    expect(() => createLocalStateMachine({ StartAt: 'Other', States: states }, services())).toThrow('"Other" calls arn:aws:states:::sqs:sendMessage');
  });
});

import { stateMachineCalls, type Definition } from './state-machine-calls.js';

const stateMachine = 'arn:aws:states:us-east-1:123456789012:stateMachine:run';
const lists = ['arn:aws:s3:::raw/_loadin/waves/x'];
const calls = (States: Definition['States']): string[] =>
  stateMachineCalls({ definition: { States }, stateMachine, lists }).map(({ action, resource }) => `${action} ${resource}`);

describe('what the role of a state machine needs', () => {
  it('is what its tasks call, on what they name or what states before them have put into their input', () => {
    expect(
      calls({
        Which: { Type: 'Pass', Result: 'arn:one', ResultPath: '$.function' },
        Other: { Type: 'Pass', Result: 'arn:two', ResultPath: '$.function' },
        Plan: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'FunctionName.$': '$.function' } },
        Alarm: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: 'arn:topic' } },
        Again: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { 'StateMachineArn.$': '$$.StateMachine.Id' } },
      }),
    ).toEqual(['lambda:InvokeFunction arn:one', 'lambda:InvokeFunction arn:two', 'sns:Publish arn:topic', `states:StartExecution ${stateMachine}`]);
  });

  it('is for a distributed map the reading of its list, executions of its own, and what their states call', () => {
    const Call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'arn:one' } };
    const processor = (Mode: string) => ({ ProcessorConfig: { Mode }, States: { Call } });
    const ItemReader = { Resource: 'arn:aws:states:::s3:getObject' };
    expect(calls({ Slices: { Type: 'Map', Label: 'slices', ItemReader, ItemProcessor: processor('DISTRIBUTED') } })).toEqual([
      's3:GetObject arn:aws:s3:::raw/_loadin/waves/x',
      `states:StartExecution ${stateMachine}`,
      'states:DescribeExecution arn:aws:states:us-east-1:123456789012:execution:run:a-name',
      'states:StopExecution arn:aws:states:us-east-1:123456789012:execution:run:a-name',
      'states:RedriveExecution arn:aws:states:us-east-1:123456789012:execution:run/slices:a-name',
      'lambda:InvokeFunction arn:one',
    ]);
    expect(calls({ Slices: { Type: 'Map', ItemProcessor: processor('INLINE') } })).toEqual(['lambda:InvokeFunction arn:one']);
  });

  it.each<[what: string, states: Definition['States'], message: RegExp]>([
    ['a service without a rule', { A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage' } }, /no rule for what arn:aws:states:::sqs/],
    ['a writer of results', { A: { Type: 'Map', ResultWriter: {} } }, /no rule for what ResultWriter of the state A/],
    [
      'a function that nobody names',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'FunctionName.$': '$.gone' } } },
      /takes FunctionName from \$\.gone, and no state puts it there/,
    ],
  ])('can’t be said of %s', (_what, states, message) => expect(() => calls(states)).toThrow(message));
});

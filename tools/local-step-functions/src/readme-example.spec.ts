import { readmeDifferences } from '@loadin/specs/readme';
import { createLocalStateMachine, definitionFaults } from './index.js';

const lines: string[] = [];
const console = { log: (line: string): void => void lines.push(line) };

// example
const definition = {
  StartAt: 'Until then',
  States: {
    'Until then': { Type: 'Wait', TimestampPath: '$.until', Next: 'Greet' },
    Greet: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:greet', 'Payload.$': '$.whom' },
      OutputPath: '$.Payload',
      End: true,
    },
  },
};

export async function greet(whom: string): Promise<string> {
  const machine = createLocalStateMachine(definition, {
    invoke: async (_functionArn, payload) => ({ payload: `Hello ${String(payload)}` }),
    getObject: async () => '[]',
    publish: async () => undefined,
    wait: async ({ until }) => console.log(`at ${until}`),
  });
  const execution = machine.start({ whom, until: '2026-03-01T02:00:00Z' }, 'an-execution');
  return `${definitionFaults(definition).length} faults, ${JSON.stringify(await execution.ended)}, ${execution.states.join(', ')}`;
}
// end

describe('the example of the README', () => {
  it('waits and greets', async () => {
    expect(await greet('Ada')).toBe('0 faults, {"status":"SUCCEEDED","output":"Hello Ada"}, Until then, Greet');
    expect(lines).toEqual(['at 2026-03-01T02:00:00Z']);
  });

  it('is to the letter what was just run', () => expect(readmeDifferences(__filename)).toEqual([]));
});

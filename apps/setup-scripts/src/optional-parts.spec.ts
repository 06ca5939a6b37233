import { FatalError, RetryableError } from '@loadin/resilience';
import { checkResources } from './check.js';
import { createResources } from './create.js';
import { missing, right, type Part, type Resource } from './resource.js';

const part = (fields: Partial<Part>): Part => ({ name: 'encryption', look: async () => right(), make: async () => undefined, ...fields });
const streamWith = (setting: Part): Resource[] => [
  { self: part({ name: 'kinesis://s' }), settings: [setting], managedBy: async () => undefined, takeOver: async () => undefined },
];
const fail = (error: Error) => async () => Promise.reject(error);
const unknown = new FatalError('Kinesis StartStreamEncryption: AWS refused the request (UnknownOperationException)');

async function run(how: typeof createResources, setting: Part): Promise<{ complete: boolean; lines: string[] }> {
  const lines: string[] = [];
  const complete = await how(streamWith(setting), { print: (line) => void lines.push(...line.split('\n')), complain: () => undefined });
  return { complete, lines: lines.slice(1) };
}

describe('an optional setting', () => {
  it('that the server does not have is a warning, and everything is complete without it', async () => {
    const created = await run(createResources, part({ optional: true, look: async () => missing, make: fail(unknown) }));
    expect(created).toEqual({ complete: true, lines: ['warning        kinesis://s: encryption (not set)', `               → ${unknown.message}`] });
    const checked = await run(checkResources, part({ optional: true, look: fail(unknown) }));
    expect(checked).toEqual({ complete: true, lines: [`warning        kinesis://s: encryption (${unknown.message})`] });
  });

  it('that could be set is a warning of check, with what to do', async () => {
    const checked = await run(checkResources, part({ optional: true, look: async () => missing }));
    expect(checked).toEqual({
      complete: true,
      lines: ['warning        kinesis://s: encryption (not set)', '               → Run loadin-setup create.'],
    });
  });

  it.each([createResources, checkResources])('is no excuse for a server that can not be reached (%p)', async (how) => {
    const gone = new RetryableError('Kinesis DescribeStreamSummary: nothing listens there');
    await expect(run(how, part({ optional: true, look: fail(gone) }))).rejects.toBe(gone);
  });
});

describe('a setting that is needed', () => {
  it('and refused ends create', async () => {
    await expect(run(createResources, part({ look: async () => missing, make: fail(unknown) }))).rejects.toBe(unknown);
  });

  it('and refused is a failed line of check, which looks at the rest', async () => {
    const checked = await run(checkResources, part({ look: fail(unknown) }));
    expect(checked).toEqual({ complete: false, lines: [`failed         kinesis://s: encryption (${unknown.message})`] });
  });
});

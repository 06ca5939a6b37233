import { createLocalStateMachine, definitionFaults, type Json, type LocalOutcome } from '@loadin/local-step-functions';
import { runStateMachine } from './run-state-machine.js';
import { stateMachineStatements } from './statements.js';

const INGESTION = 'arn:aws:lambda:eu-west-1:123456789012:function:concert-data-ingestion';
const BRONZE = 'arn:aws:lambda:eu-west-1:123456789012:function:concert-data-bronze';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:loadin-alarms';
const event = { job_type: 'daily', scheduled_time: '2026-03-01T02:00:00Z' };
const run_id = '9243e946-aec3-52db-9329-3cba2a563364';
const definition = runStateMachine({ functions: [{ arn: INGESTION }, { arn: BRONZE, jobs: ['bronze'] }], alarmTopicArn: TOPIC, maxRounds: 3 });

const waves = [
  { slices: 2, bucket: 'raw', key: 'first.json' },
  { slices: 1, bucket: 'raw', key: 'second.json' },
];
const planned = { status: 'planned', job: 'daily', run_id, scheduled_time: event.scheduled_time, already_complete: false, waves, problems: [] };
const finished = { ...planned, status: 'complete', counts: {}, report: 's3://raw/report.json' };
const stopped = (reason: string, more: object = {}): object => ({
  ...finished,
  status: 'stopped',
  reason,
  problems: ['2 slices are not done'],
  ...more,
});

type Phase = 'plan' | 'slice' | 'finish';
type Answers = Partial<Record<Phase, readonly unknown[]>>;

/** Answers in turn, the last one again and again; an `Error` is what the function throws. */
async function execute(answers: Answers, { name = run_id, input = event as Json } = {}): Promise<Outcome> {
  const given: Record<Phase, unknown[]> = { plan: [planned], slice: [{ status: 'complete' }], finish: [finished], ...(answers as object) };
  const [calls, waits, published]: [string[], string[], object[]] = [[], [], []];
  const functions = new Set<string>();
  const machine = createLocalStateMachine(definition, {
    invoke: async (arn, payload) => {
      const { phase, stream, slice } = payload as { phase: Phase; stream?: string; slice?: number };
      functions.add(arn);
      calls.push(phase === 'slice' ? `${stream} ${slice}` : phase);
      const [answer] = given[phase].length > 1 ? given[phase].splice(0, 1) : given[phase];
      return answer instanceof Error
        ? { functionError: 'Unhandled', payload: { errorType: answer.name, errorMessage: answer.message } }
        : { payload: answer };
    },
    getObject: async (_bucket, key) => {
      const slices =
        key === 'first.json'
          ? [
              ['events', 0],
              ['artists', 0],
            ]
          : [['venues', 0]];
      return JSON.stringify(slices.map(([stream, slice]) => ({ job_type: 'daily', phase: 'slice', run_id, stream, slice })));
    },
    publish: async (message) => void published.push(message),
    wait: async ({ state, until, seconds }) => void waits.push(`${state} ${until ?? seconds}`),
  });
  const outcome = await machine.start(input, name).ended;
  await Promise.all([...machine.executions.values()].map(({ ended }) => ended));
  return { outcome, calls, waits, published, functions: [...functions], executions: [...machine.executions.keys()] };
}

interface Outcome {
  readonly outcome: LocalOutcome;
  readonly calls: readonly string[];
  readonly waits: readonly string[];
  readonly published: readonly object[];
  readonly functions: readonly string[];
  readonly executions: readonly string[];
}

const error = (name: string, message = 'no'): Error => Object.assign(new Error(message), { name });
const READ = ['events 0', 'artists 0', 'venues 0'];

describe('the state machine of a run', () => {
  it('is Amazon States Language', () => {
    expect(definitionFaults(definition)).toEqual([]);
    expect(definitionFaults(runStateMachine({ functions: [{ arn: BRONZE, jobs: ['bronze'] }] }))).toEqual([]);
  });

  it('plans, reads wave after wave, finishes, and answers as the last phase does', async () => {
    const { outcome, calls, published } = await execute({});
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: finished });
    expect(calls).toEqual(['plan', ...READ, 'finish']);
    expect(published).toEqual([]);
  });

  it('hands the run to an execution that is named by it', async () => {
    const { outcome, calls, executions } = await execute({}, { name: 'scheduled-1' });
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { execution: expect.stringMatching(new RegExp(`:${run_id}$`)) } });
    expect(executions).toEqual(['scheduled-1', run_id]);
    expect(calls).toEqual(['plan', ...READ, 'finish']);
  });

  it('does nothing for a run that is complete', async () => {
    const complete = { ...planned, status: 'complete', already_complete: true, waves: [] };
    const { outcome, calls } = await execute({ plan: [complete] }, { name: 'scheduled-2' });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: complete });
    expect(calls).toEqual(['plan']);
  });

  it('goes on at once after a deadline, and leaves out the waves that would find less than they read', async () => {
    const { outcome, calls, waits } = await execute({
      slice: [{ status: 'stopped' }, { status: 'complete' }],
      finish: [stopped('deadline'), finished],
    });
    expect(outcome.status).toBe('SUCCEEDED');
    expect(calls).toEqual(['plan', 'events 0', 'artists 0', 'finish', 'plan', ...READ, 'finish']);
    expect(waits).toEqual([]);
  });

  it('waits until a quota is new, and while another process is at work', async () => {
    const quota = stopped('quota', { resume_after: '2026-03-02T00:00:00Z' });
    const { outcome, waits } = await execute({
      plan: [stopped('lease'), planned],
      slice: [{ status: 'stopped' }, { status: 'complete' }],
      finish: [quota, finished],
    });
    expect(outcome.status).toBe('SUCCEEDED');
    expect(waits).toEqual(['A minute 60', 'Until then 2026-03-02T00:00:00Z']);
  });

  it('is not held up by a slice that fails, and fails as the run does', async () => {
    const failed = { ...finished, status: 'failed', problems: ['events: 403'] };
    const { outcome, calls, published } = await execute({ slice: [error('FatalError'), { status: 'complete' }], finish: [failed] });
    expect(outcome).toEqual({ status: 'FAILED', error: 'RunFailed', cause: '["events: 403"]' });
    expect(calls).toEqual(['plan', 'events 0', 'artists 0', 'finish']);
    expect(published).toEqual([
      {
        TopicArn: TOPIC,
        Subject: 'Loadin: the job daily has failed',
        Message: { event, execution: expect.stringContaining(run_id), error: 'RunFailed', cause: '["events: 403"]' },
      },
    ]);
  });

  it('fails for a run with problems, as the command does', async () => {
    const { outcome } = await execute({ finish: [{ ...finished, problems: ['a window was truncated'] }] });
    expect(outcome).toEqual({ status: 'FAILED', error: 'RunHasProblems', cause: '["a window was truncated"]' });
  });

  it('fails when the function can do nothing', async () => {
    const { outcome, calls, published } = await execute({ plan: [error('ConfigurationError', 'API_SPOTIFY_CLIENT_ID is missing')] });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'ConfigurationError', cause: expect.stringContaining('is missing') });
    expect(calls).toEqual(['plan']);
    expect(published).toHaveLength(1);
  });

  it('tries again what is worth it', async () => {
    const { outcome, calls } = await execute({
      plan: [error('RetryableError'), error('Sandbox.Timedout'), planned],
      slice: [error('Lambda.ServiceException'), error('Runtime.ExitError'), { status: 'complete' }],
    });
    expect(outcome.status).toBe('SUCCEEDED');
    expect(calls.filter((call) => call === 'plan')).toHaveLength(3);
    expect(calls.filter((call) => call.endsWith(' 0'))).toHaveLength(5);
  });

  it('gives a run up that gets nowhere', async () => {
    const { outcome, calls, published } = await execute({ finish: [stopped('deadline')] });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'TooManyRounds' });
    expect(calls.filter((call) => call === 'plan')).toHaveLength(4);
    expect(published).toHaveLength(1);
  });

  it('fails for a run that somebody cancelled', async () => {
    expect((await execute({ finish: [stopped('cancelled')] })).outcome).toMatchObject({ status: 'FAILED', error: 'RunFailed' });
  });

  it('calls the function that a job is of', async () => {
    const bronze = { ...event, job_type: 'bronze' };
    expect((await execute({}, { input: bronze })).functions).toEqual([BRONZE]);
    expect((await execute({}, { input: bronze, name: 'other' })).functions).toEqual([BRONZE]);
    expect((await execute({})).functions).toEqual([INGESTION]);
  });

  it('has no function twice for a job', () => {
    expect(() => runStateMachine({ functions: [{ arn: INGESTION }, { arn: BRONZE }] })).toThrow('More than one function of the state machine');
    const twice = {
      functions: [
        { arn: INGESTION, jobs: ['a'] },
        { arn: BRONZE, jobs: ['a'] },
      ],
    } as const;
    expect(() => runStateMachine(twice)).toThrow('Two functions of the state machine are for the job a');
  });

  it('fails for a job that no function is for', async () => {
    const only = runStateMachine({ functions: [{ arn: BRONZE, jobs: ['bronze'] }] });
    const nothing = (): Promise<never> => Promise.reject(new Error('not called'));
    const machine = createLocalStateMachine(only, { invoke: nothing, getObject: nothing, publish: nothing, wait: nothing });
    expect(await machine.start(event, 'n').ended).toEqual({ status: 'FAILED', error: 'UnknownJob', cause: 'No function is there for the job daily' });
  });

  it('fails for an input that names no job', async () => {
    const { outcome, calls } = await execute({}, { input: { scheduled_time: event.scheduled_time }, name: 'by-hand' });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'NoJob', cause: expect.stringContaining('The input names no job') });
    expect(calls).toEqual([]);
  });

  it('needs these permissions', () => {
    const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:loadin-run';
    const statements = stateMachineStatements({ functions: [{ arn: INGESTION }], alarmTopicArn: TOPIC, stateMachineArn: arn, buckets: ['raw'] });
    const resources = [...JSON.stringify(definition).matchAll(/"Resource":"arn:aws:states:::(\w+):/g)].map(([, service]) => service);
    expect([...new Set(resources)].sort()).toEqual(['lambda', 's3', 'sns', 'states']);
    expect(statements.map(({ actions, resources: on }) => `${actions.join()} ${on.join()}`)).toEqual([
      `lambda:InvokeFunction ${INGESTION}`,
      's3:GetObject arn:aws:s3:::raw/_loadin/waves/*',
      `states:StartExecution ${arn}`,
      'states:DescribeExecution,states:StopExecution arn:aws:states:eu-west-1:123456789012:execution:loadin-run:*',
      'states:RedriveExecution arn:aws:states:eu-west-1:123456789012:execution:loadin-run/slices:*',
      `sns:Publish ${TOPIC}`,
    ]);
  });
});

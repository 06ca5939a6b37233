import { runStateMachine } from '@loadin/infrastructure';
import type { LocalLambdaOptions } from '@loadin/local-lambda';
import { createLocalStateMachine, MAX_STATE_BYTES, type JsonObject, type LocalExecution, type LocalWait } from '@loadin/local-step-functions';
import type { IngestionAnswer } from './answer.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(120_000);

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:concert-data-ingestion';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:loadin-alarms';
const definition = runStateMachine({ functions: [{ arn: FUNCTION }], alarmTopicArn: TOPIC, maxRounds: 20 });

interface Machine {
  /** Starts it as a schedule does, and waits until whatever it started has ended as well. */
  start(at: string, name: string): Promise<LocalExecution>;
  readonly executions: ReadonlyMap<string, LocalExecution>;
  /** Phases, in the order of their calls. */
  readonly phases: readonly string[];
  readonly waits: readonly LocalWait[];
  readonly published: readonly JsonObject[];
}

/**
 * The definition that is deployed, with the zip that is deployed as its tasks. What the runner does otherwise than AWS is written down in
 * tools/local-step-functions/README.md; of that, these matter here:
 * - the list of a wave is read by this process and not by a Map Run, with the same bucket, key and JSON, and all slices run in one Map in this process
 * - a slice that failed would end the Map, where AWS tolerates 100 %: slices end as the word `failed`, so none does
 * - retries come at once, and states that wait last as long as the specification says: nothing waits until midnight
 * - functions are called directly: there is no role; what the role must allow is specified beside the definition
 */
function machineIn(world: World, { onWait = () => undefined, ...options }: Partial<LocalLambdaOptions> & { onWait?: () => void } = {}): Machine {
  const lambda = world.deploy(options);
  const [phases, waits, published]: [string[], LocalWait[], JsonObject[]] = [[], [], []];
  const machine = createLocalStateMachine(definition, {
    invoke: (_arn, payload) => {
      phases.push(String((payload as JsonObject)['phase']));
      return lambda.invoke(payload);
    },
    getObject: (_bucket, key) => world.lake.text(key),
    publish: async (message) => void published.push(message),
    wait: async (wait) => {
      waits.push(wait);
      onWait();
    },
  });
  const start: Machine['start'] = async (at, name) => {
    const execution = machine.start({ job_type: 'daily', scheduled_time: at }, name);
    await execution.ended;
    await Promise.all([...machine.executions.values()].map(({ ended }) => ended));
    for (const { largestState } of machine.executions.values()) expect(largestState).toBeLessThan(MAX_STATE_BYTES / 4);
    return execution;
  };
  return { start, executions: machine.executions, phases, waits, published };
}

/** The execution that is named by the run, and what it ended with. */
async function runOf({ executions }: Machine, trigger: LocalExecution): Promise<{ runId: string; run: LocalExecution; answer: IngestionAnswer }> {
  const handedOver = await trigger.ended;
  if (handedOver.status === 'FAILED') throw new Error(`${handedOver.error}: ${handedOver.cause}`);
  const runId =
    String((handedOver.output as JsonObject)['execution'])
      .split(':')
      .at(-1) ?? '';
  const run = executions.get(runId) as LocalExecution;
  const outcome = await run.ended;
  if (outcome.status === 'FAILED') throw new Error(`${outcome.error}: ${outcome.cause}`);
  return { runId, run, answer: outcome.output as unknown as IngestionAnswer };
}

const count = (list: readonly string[], wanted: string): number => list.filter((one) => one === wanted).length;

describe('the state machine, with the function as its tasks', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({ countries: ['SE', 'NO', 'FI'] })));
  afterEach(() => world.sources.faults.clear());
  afterAll(async () => world.close());

  it('brings exactly the truth in an execution named by the run, and nothing more when it is started for the same time again', async () => {
    const at = '2026-03-01T02:00:00Z';
    const machine = machineIn(world);
    const { runId, run, answer } = await runOf(machine, await machine.start(at, 'schedule-1'));
    expect(answer).toMatchObject({ status: 'complete', run_id: runId, scheduled_time: at, already_complete: false, problems: [] });
    expect(machine.phases).toEqual(['plan', ...Array<string>(7).fill('slice'), 'finish']);
    expect(count(run.states, 'Next wave')).toBe(2);
    await world.expectTheTruth(at, runId);

    const again = await machine.start(at, 'schedule-2');
    expect(await again.ended).toMatchObject({
      status: 'SUCCEEDED',
      output: { status: 'complete', already_complete: true, run_id: runId, waves: [] },
    });
    expect(machine.phases.slice(9)).toEqual(['plan']);
    await world.expectTheTruth(at, runId);
    expect([machine.waits, machine.published]).toEqual([[], []]);
  });

  it('works once when two are started for the same time', async () => {
    const at = '2026-03-02T02:00:00Z';
    const machine = machineIn(world);
    const [first, second] = await Promise.all([machine.start(at, 'one'), machine.start(at, 'other')]);
    const { runId } = await runOf(machine, first);
    expect((await runOf(machine, second)).runId).toBe(runId);
    expect([...machine.executions.keys()].sort()).toEqual([runId, 'one', 'other'].sort());
    expect([count(machine.phases, 'slice'), count(machine.phases, 'finish')]).toEqual([7, 1]);
    await world.expectTheTruth(at, runId);
  });

  it('goes on at once with what a function had no time for', async () => {
    const at = '2026-03-03T02:00:00Z';
    world.sources.faults.add({ api: 'spotify', effect: { kind: 'latency', ms: 9_000 }, count: 1 });
    const machine = machineIn(world, { timeoutMs: 6_000 });
    const { runId, run, answer } = await runOf(machine, await machine.start(at, 'schedule-1'));
    expect(answer).toMatchObject({ status: 'complete', run_id: runId, problems: [] });
    expect(count(run.states, 'Next round')).toBeGreaterThan(0);
    expect(machine.waits).toEqual([]);
    await world.expectTheTruth(at, runId);
  });

  it('waits until the time that a source names, and reads the rest then', async () => {
    const at = '2026-03-04T02:00:00Z';
    world.sources.faults.add({ api: 'spotify', path: '/v1/search', effect: { kind: 'retryAfter', seconds: 13_749 }, count: 1 });
    const machine = machineIn(world);
    const began = Date.now();
    const { runId, answer } = await runOf(machine, await machine.start(at, 'schedule-1'));
    expect(answer).toMatchObject({ status: 'complete', run_id: runId, problems: [] });
    expect(machine.waits).toMatchObject([{ state: 'Until then', until: expect.stringMatching(/Z$/) }]);
    const waited = Date.parse(machine.waits[0]?.until ?? '') - began;
    expect(waited).toBeGreaterThan(13_700_000);
    expect(waited).toBeLessThan(13_900_000);
    await world.expectTheTruth(at, runId);
  });

  it('delivers all slices but the one that fails, alarms and fails; started again it brings that one', async () => {
    const at = '2026-03-05T02:00:00Z';
    world.sources.faults.add({ api: 'ticketmaster', path: 'countryCode=NO', effect: { kind: 'status', status: 403 } });
    const machine = machineIn(world);
    const handedOver = await machine.start(at, 'schedule-1');
    expect(await handedOver.ended).toMatchObject({ status: 'SUCCEEDED' });
    const failed = [...machine.executions.values()].find(({ name }) => name !== 'schedule-1') as LocalExecution;
    expect(await failed.ended).toMatchObject({ status: 'FAILED', error: 'RunFailed', cause: expect.stringContaining('ticketmaster.events') });
    expect(machine.published).toMatchObject([
      {
        TopicArn: TOPIC,
        Subject: 'Loadin: the job daily has failed',
        Message: { event: { scheduled_time: at }, error: 'RunFailed', execution: failed.arn },
      },
    ]);

    world.sources.faults.clear();
    const again = await machine.start(at, 'by-hand');
    // Its name was used by the one that failed, so it goes on itself.
    expect(again.states).toEqual(expect.arrayContaining(['Hand over', 'First wave', 'Complete']));
    expect(await again.ended).toMatchObject({ status: 'SUCCEEDED', output: { status: 'complete', run_id: failed.name, problems: [] } });
    await world.expectTheTruth(at, failed.name);
  });

  it('fails at once, with an alarm, for a job that there is not', async () => {
    const lambda = world.deploy();
    const published: JsonObject[] = [];
    const machine = createLocalStateMachine(definition, {
      invoke: (_arn, payload) => lambda.invoke(payload),
      getObject: (_bucket, key) => world.lake.text(key),
      publish: async (message) => void published.push(message),
      wait: () => Promise.reject(new Error('nothing to wait for')),
    });
    const outcome = await machine.start({ job_type: 'daliy', scheduled_time: '2026-03-06T02:00:00Z' }, 'n').ended;
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'FatalError', cause: expect.stringContaining('did you mean \\"daily\\"') });
    expect(published).toHaveLength(1);
  });
});

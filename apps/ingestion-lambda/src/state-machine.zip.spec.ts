import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { quotaKey } from '@loadin/api-clients';
import { createDynamoStateStore } from '@loadin/checkpoint-store';
import { runStateMachine } from '@loadin/infrastructure';
import type { LocalLambdaOptions } from '@loadin/local-lambda';
import type { LocalExecution } from '@loadin/local-step-functions';
import { count, DEPLOYED, runOf, startMachine, TOPIC, type Machine, type MachineOptions } from './state-machine.fixture.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(120_000);

const definition = runStateMachine(DEPLOYED);

type DailyOptions = Partial<LocalLambdaOptions> & Pick<MachineOptions, 'onWait'>;

interface DailyMachine extends Omit<Machine, 'start'> {
  /** Of the job `daily` unless another one is named. */
  start(at: string, name: string, job?: string): Promise<LocalExecution>;
}

function machineIn(world: World, { onWait, ...options }: DailyOptions = {}): DailyMachine {
  const ingestion = world.deploy(options);
  const machine = startMachine({ definition, ingestion, getObject: (_bucket, key) => world.lake.text(key), ...(onWait && { onWait }) });
  return { ...machine, start: (at, name, job = 'daily') => machine.start({ job_type: job, scheduled_time: at }, name) };
}

const HOUR_MS = 3_600_000;

/** Counts in the state store that all of Ticketmaster's calls of a day were made in one hour, whatever was counted before. */
async function spendTheDay({ aws, sources }: World, hour: number): Promise<void> {
  const client = new DynamoDBClient({ endpoint: aws.url, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  try {
    const state = createDynamoStateStore({ client, table: 'loadin-checkpoints' });
    const key = quotaKey({ source: 'ticketmaster', account: sources.credentials.ticketmasterApiKey, windowMs: 24 * HOUR_MS });
    await state.put(key, { calls: { [Math.floor(hour / HOUR_MS)]: 5_000 } }, (await state.get(key))?.revision ?? null);
  } finally {
    client.destroy();
  }
}

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

  it('waits until calls of the day are free again when all are spent, and reads then what the quota kept back', async () => {
    const at = '2026-03-07T02:00:00Z';
    const spentAt = Date.now() - 23 * HOUR_MS;
    await spendTheDay(world, spentAt);
    const asked = world.sources.requests().byApi.ticketmaster.calls;
    const askedBefore: number[] = [];
    const machine = machineIn(world, {
      onWait: async () => {
        askedBefore.push(world.sources.requests().byApi.ticketmaster.calls);
        // The wait is over: what was spent 23 hours before it is older than a day.
        await spendTheDay(world, spentAt - 3 * HOUR_MS);
      },
    });
    const { runId, run, answer } = await runOf(machine, await machine.start(at, 'schedule-1'));
    expect(answer).toMatchObject({ status: 'complete', run_id: runId, problems: [] });
    // Hours are counted whole, and five minutes are for clocks that differ.
    const free = (Math.floor(spentAt / HOUR_MS) + 25) * HOUR_MS + 5 * 60_000;
    expect(machine.waits).toEqual([{ state: 'Until then', until: new Date(free).toISOString() }]);
    expect(askedBefore).toEqual([asked]);
    expect([count(run.states, 'Next round'), count(machine.phases, 'finish'), machine.published]).toEqual([1, 2, []]);
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
    const machine = machineIn(world);
    const daliy = await machine.start('2026-03-06T02:00:00Z', 'n', 'daliy');
    expect(await daliy.ended).toMatchObject({ status: 'FAILED', error: 'FatalError', cause: expect.stringContaining('did you mean \\"daily\\"') });
    expect([machine.published.length, machine.waits]).toEqual([1, []]);
  });
});

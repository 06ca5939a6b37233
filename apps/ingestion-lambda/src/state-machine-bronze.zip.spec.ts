import { runStateMachine } from '@loadin/infrastructure';
import { startLocalLambda, type LocalLambda, type LocalLambdaOptions } from '@loadin/local-lambda';
import type { LocalExecution } from '@loadin/local-step-functions';
import { copyLake, fingerprintsOfLake, fingerprintsOfShop, openLake, openStage, readObject, type Stage } from '@loadin/shop';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, DEPLOYED, runOf, startMachine, TOPIC, type Machine, type MachineOptions } from './state-machine.fixture.js';
import { ZIP } from './world.fixture.js';

jest.setTimeout(180_000);

const definition = runStateMachine(DEPLOYED);
const ENTITIES = [
  'postgres.customers',
  'postgres.products',
  'postgres.inventory',
  'postgres.orders',
  'postgres.order_items',
  'payments.payments',
  'shipments.shipments',
];

describe('the state machine, with the function that loads entities as its tasks', () => {
  let folder: string;
  let stage: Stage;
  const functions: LocalLambda[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadin bronze machine '));
    stage = await openStage({ dir: join(folder, 'stage'), rows: 1_000, leaseSeconds: 2 });
  });
  afterAll(async () => {
    for (const one of functions) await one.stop();
    await stage.close();
    await rm(folder, { recursive: true });
  });

  type BronzeOptions = Partial<LocalLambdaOptions> & Pick<MachineOptions, 'onPhase'>;
  /** No function for other jobs is there: a call of it would fail the execution. */
  function machineIn({ onPhase, ...options }: BronzeOptions = {}): Machine {
    const bronze = startLocalLambda({ zip: ZIP, functionName: 'bronze', timeoutMs: 60_000, memoryMB: 2048, env: stage.settings, ...options });
    functions.push(bronze);
    return startMachine({ definition, bronze, getObject: (_bucket, key) => readObject(stage.aws.url, key), ...(onPhase && { onPhase }) });
  }
  /** A schedule's clock may be some minutes ahead; what the shop was made with is over by then. */
  const began = Date.now();
  const at = (run: number): string => `${new Date(began + 30_000 + run * 30_000).toISOString().slice(0, 19)}Z`;
  const event = (run: number, more: Readonly<Record<string, string>> = {}) => ({ job_type: 'bronze', scheduled_time: at(run), ...more });
  /** The lake holds the latest version of each row of the shop, no more and no less. */
  async function expectTheShop(): Promise<void> {
    const copy = await mkdtemp(join(folder, 'lake '));
    await copyLake(stage.aws.url, copy);
    const lake = await openLake(copy);
    expect(await fingerprintsOfLake(lake)).toEqual(await fingerprintsOfShop(stage.client));
    lake.close();
  }
  const streamsOf = ({ slices }: Machine): string[] => [...new Set(slices.map(({ event: sent }) => String(sent['stream'])))];
  const other = (machine: Machine, name: string): LocalExecution =>
    [...machine.executions.values()].find((one) => one.name !== name) as LocalExecution;

  it('loads exactly the shop, the entities side by side, in an execution named by the run; two starts for one time are one run', async () => {
    const machine = machineIn();
    const [first, second] = await Promise.all([machine.start(event(1), 'one'), machine.start(event(1), 'other')]);
    const { runId, answer } = await runOf(machine, first);
    expect((await runOf(machine, second)).runId).toBe(runId);
    expect([...machine.executions.keys()].sort()).toEqual([runId, 'one', 'other'].sort());
    expect(answer).toMatchObject({ status: 'complete', job: 'bronze', run_id: runId, scheduled_time: at(1), problems: [] });
    expect([streamsOf(machine).sort(), count(machine.phases, 'finish')]).toEqual([[...ENTITIES].sort(), 1]);
    expect(machine.slices.every(({ answer: { status } }) => status === 'complete')).toBe(true);
    await expectTheShop();

    const again = await machine.start(event(1), 'again');
    expect(await again.ended).toMatchObject({
      status: 'SUCCEEDED',
      output: { status: 'complete', already_complete: true, run_id: runId, waves: [] },
    });
    expect([machine.waits, machine.published]).toEqual([[], []]);
  });

  it('loads one entity, in full, when the schedule says so', async () => {
    const machine = machineIn();
    const { answer } = await runOf(machine, await machine.start(event(2, { entity: 'orders', load_type: 'FULL' }), 'orders'));
    expect(answer.counts).toEqual({ 'postgres.orders': expect.objectContaining({ status: 'complete', read: stage.shop.orders }) });
    expect(streamsOf(machine)).toEqual(['postgres.orders']);
    await expectTheShop();
  });

  it('loads all entities but the one that fails, alarms and fails; started again it brings that one', async () => {
    await stage.client.query('REVOKE SELECT ON products FROM loadin');
    const machine = machineIn();
    const handedOver = await machine.start(event(3, { load_type: 'FULL' }), 'schedule');
    expect(await handedOver.ended).toMatchObject({ status: 'SUCCEEDED' });
    const failed = other(machine, 'schedule');
    const cause = expect.stringMatching(/postgres\.products: The user may not read public\.products/);
    expect(await failed.ended).toMatchObject({ status: 'FAILED', error: 'RunFailed', cause });
    expect(machine.published).toMatchObject([
      { TopicArn: TOPIC, Subject: 'Loadin: the job bronze has failed', Message: { error: 'RunFailed', cause, execution: failed.arn } },
    ]);
    const complete = machine.slices.filter(({ answer }) => answer['status'] === 'complete').map(({ event: sent }) => String(sent['stream']));
    expect(new Set(complete)).toEqual(new Set(ENTITIES.filter((id) => id !== 'postgres.products')));

    await stage.client.query('GRANT SELECT ON products TO loadin');
    const before = machine.slices.length;
    const again = await machine.start(event(3, { load_type: 'FULL' }), 'by-hand');
    expect(await again.ended).toMatchObject({ status: 'SUCCEEDED', output: { status: 'complete', run_id: failed.name, problems: [] } });
    // Those that were loaded say so at once.
    const loaded = machine.slices.slice(before).filter(({ answer }) => Number(answer['read']) > 0);
    expect(loaded.length).toBeGreaterThan(0);
    await expectTheShop();
  });

  it('goes on at once with an entity that a function had no time for', async () => {
    const locking = await stage.connect();
    await locking.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const machine = machineIn({
      timeoutMs: 9_000,
      onPhase: async (phase, times) => {
        if (phase === 'plan' && times === 2) await locking.query('COMMIT');
      },
    });
    const { run, answer } = await runOf(machine, await machine.start(event(4, { load_type: 'FULL' }), 'schedule'));
    expect(answer).toMatchObject({ status: 'complete', problems: [] });
    expect(count(run.states, 'Next round')).toBeGreaterThan(0);
    expect(machine.slices.find(({ answer: { status } }) => status === 'stopped')).toMatchObject({
      event: { stream: 'postgres.orders' },
      answer: { reason: 'deadline' },
    });
    expect(machine.waits).toEqual([]);
    await expectTheShop();
  });
});

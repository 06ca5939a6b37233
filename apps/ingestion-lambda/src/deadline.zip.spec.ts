import type { IngestionAnswer } from './answer.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

describe("the function's time", () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(async () => world.close());

  it('is not used up: a run that would not end in it stops resumably, and the next invocation, in the same process, goes on', async () => {
    const lambda = world.deploy({ timeoutMs: 6000 });
    const event = { job_type: 'daily', scheduled_time: '2026-03-01T02:00:00Z' };
    world.sources.faults.add({ api: 'spotify', effect: { kind: 'latency', ms: 1000 } });
    const first = await lambda.invoke(event);
    expect(first.payload).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(first.durationMs).toBeLessThan(6000);
    world.sources.faults.clear();
    const second = await lambda.invoke(event);
    expect(second).toMatchObject({ coldStart: false, payload: { status: 'complete', already_complete: false, problems: [] } });
    const { run_id } = second.payload as IngestionAnswer;
    expect(run_id).toBe((first.payload as IngestionAnswer).run_id);
    await world.expectTheTruth('2026-03-01T02:00:00Z', String(run_id));
  });

  it('when it ends all the same, the process is killed, and the retry of the event brings exactly the rest', async () => {
    const lambda = world.deploy({ timeoutMs: 3000 });
    const event = { job_type: 'daily', time: '2026-03-02T02:00:00Z' };
    // A request to the stream that is given up on, and arrives all the same; then the report, for which the time does not suffice.
    world.aws.faults.add(
      { service: 'kinesis', operation: 'PutRecords', nth: 2, effect: { latencyMs: 2800 } },
      { service: 's3', operation: 'PutObject', key: '_loadin/reports/', effect: { latencyMs: 2800 } },
    );
    const killed = await lambda.invoke(event);
    expect(killed).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Sandbox.Timedout' } });
    world.aws.faults.clear();
    const retried = await world.deploy().invoke(event);
    expect(retried).toMatchObject({ coldStart: true, payload: { status: 'complete', problems: [] } });
    await world.expectTheTruth('2026-03-02T02:00:00Z', String((retried.payload as IngestionAnswer).run_id));
  });
});

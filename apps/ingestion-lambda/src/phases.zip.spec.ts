import type { IngestionAnswer, PlanAnswer, SliceAnswer } from './answer.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(60_000);

interface SliceEvent {
  readonly phase: string;
  readonly run_id: string;
  readonly stream: string;
  readonly slice: number;
}

const wayOf = ({ stream, slice }: Pick<SliceEvent, 'stream' | 'slice'>): string => `${stream} ${slice}`;

describe('a run in phases, on functions of its own', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({ countries: ['SE', 'NO', 'FI'] })));
  afterEach(() => world.aws.faults.clear());
  afterAll(async () => world.close());

  const eventsIn = async (key = ''): Promise<SliceEvent[]> => JSON.parse(await world.lake.text(key)) as SliceEvent[];
  const planFor = async (at: string): Promise<{ plan: PlanAnswer; first: SliceEvent[]; second: SliceEvent[] }> => {
    const { payload } = await world.deploy().invoke({ job_type: 'daily', scheduled_time: at, phase: 'plan' });
    const plan = payload as PlanAnswer;
    // Venues read what events land.
    expect(plan).toMatchObject({ status: 'planned', waves: [{ slices: 4, bucket: 'raw-of-a-spec' }, { slices: 3 }] });
    const [first, second] = await Promise.all(plan.waves.map(({ key }) => eventsIn(key)));
    expect(first?.[0]).toEqual({ job_type: 'daily', phase: 'slice', run_id: plan.run_id, stream: expect.any(String), slice: expect.any(Number) });
    return { plan, first: first ?? [], second: second ?? [] };
  };
  const finish = async ({ run_id }: PlanAnswer): Promise<IngestionAnswer> =>
    (await world.deploy().invoke({ job_type: 'daily', phase: 'finish', run_id })).payload as IngestionAnswer;
  it('brings exactly the truth: slices in any order and at the same time, one of them killed and sent again, finished twice', async () => {
    const at = '2026-03-01T02:00:00Z';
    const { plan, first, second } = await planFor(at);
    const victim = first.find(({ stream }) => stream === 'spotify.artists') as SliceEvent;
    const others = first.filter((event) => event !== victim).reverse();
    world.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', nth: 1, effect: { latencyMs: 9_000 } });
    const killed = await world.deploy({ timeoutMs: 6_000 }).invoke(victim);
    expect(killed.payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
    world.aws.faults.clear();

    const early = await finish(plan);
    expect(early).toMatchObject({ status: 'stopped', reason: 'lease', run_id: plan.run_id, already_complete: false });
    expect(early.problems).toContainEqual(expect.stringMatching(/^spotify\.artists: slice .+ is not done: \S+ holds it until /));

    const slices = world.deploy();
    const all = async (events: readonly SliceEvent[]): Promise<SliceAnswer[]> =>
      Promise.all(events.map(async (event) => (await slices.invoke(event)).payload as SliceAnswer));
    const answers = [...(await all([...others, victim, victim])), ...(await all([...second].reverse()))];
    expect(new Set(answers.filter(({ status }) => status === 'complete').map(wayOf)).size).toBe(7);
    // Of two that were sent the same slice at once one may find the other at work on it.
    expect(answers.filter(({ status, reason }) => status !== 'complete' && reason !== 'lease')).toEqual([]);
    expect(slices.stats.coldStarts).toBeGreaterThan(1);

    const finished = await finish(plan);
    expect(finished).toMatchObject({ status: 'complete', run_id: plan.run_id, already_complete: false, problems: [] });
    expect(await finish(plan)).toEqual({ ...finished, already_complete: true });
    await world.expectTheTruth(at, String(plan.run_id));
    const again = await world.deploy().invoke({ job_type: 'daily', scheduled_time: at, phase: 'plan' });
    expect(again.payload).toMatchObject({ status: 'complete', already_complete: true, waves: [] });
  });

  it('that is finished too early says what is missing, and an invocation for the whole job goes on with it', async () => {
    const at = '2026-03-02T02:00:00Z';
    const { plan, first, second } = await planFor(at);
    const lambda = world.deploy();
    for (const event of first.filter(({ stream }) => stream === 'spotify.artists')) await lambda.invoke(event);
    const early = await finish(plan);
    expect(early).toMatchObject({ status: 'stopped', reason: 'deadline', counts: { 'spotify.artists': { status: 'complete' } } });
    expect(early.problems).toEqual([
      'ticketmaster.venues: not started, because it reads what ticketmaster.events lands and ticketmaster.events is not complete',
      'ticketmaster.events: 3 of 3 slices are not done: SE, NO, FI',
    ]);
    // A slice of a later wave that comes too early does not take for all what is there by now.
    const [tooEarly] = second;
    expect((await lambda.invoke(tooEarly)).payload).toMatchObject({
      status: 'failed',
      problems: ['it reads what ticketmaster.events lands, and that is not landed to its end'],
    });
    const { payload } = await lambda.invoke({ job_type: 'daily', scheduled_time: at });
    expect(payload).toMatchObject({ status: 'complete', run_id: plan.run_id, problems: [] });
    await world.expectTheTruth(at, String(plan.run_id));
  });

  it('refuses a slice that the run does not have in one line', async () => {
    const { plan } = await planFor('2026-03-03T02:00:00Z');
    const event = { job_type: 'daily', phase: 'slice', run_id: plan.run_id, stream: 'ticketmaster.events', slice: 12 };
    expect((await world.deploy().invoke(event)).payload).toMatchObject({
      errorType: 'FatalError',
      errorMessage: 'ticketmaster.events has no slice 12 in this run · It has: 0, 1, 2.',
    });
  });

  it('answers also when another invocation is at work with the job, or time ends meanwhile', async () => {
    const puts = (): number => world.aws.requests().dynamodb?.['PutItem'] ?? 0;
    const before = puts();
    world.aws.faults.add({ service: 's3', operation: 'PutObject', key: '_loadin/plans/', effect: { latencyMs: 6_000 } });
    const at = '2026-03-05T02:00:00Z';
    const plan = { job_type: 'daily', scheduled_time: at, phase: 'plan' };
    const first = world.deploy().invoke(plan);
    while (puts() === before) await new Promise((resolve) => setTimeout(resolve, 20)); // the job's lease
    const [second, whole, short] = await Promise.all([
      world.deploy().invoke(plan),
      world.deploy().invoke({ ...plan, phase: 'run' }),
      world.deploy({ timeoutMs: 2_000 }).invoke(plan),
    ]);
    const stopped = { status: 'stopped', job: 'daily', run_id: null, scheduled_time: at, already_complete: false };
    const busy = {
      ...stopped,
      reason: 'lease',
      resume_after: expect.stringMatching(/Z$/),
      problems: [expect.stringMatching(/^\S+ is at work .+ until \S+Z .+ lease\/job\/daily · Wait /)],
    };
    expect(second.payload).toEqual({ ...busy, waves: [] });
    expect(whole.payload).toEqual({ ...busy, counts: {}, report: null });
    expect(short.payload).toEqual({ ...stopped, waves: [], reason: 'deadline', problems: ["the invocation's time was nearly over"] });
    expect((await first).payload).toMatchObject({ status: 'planned', problems: [] });
  });
});

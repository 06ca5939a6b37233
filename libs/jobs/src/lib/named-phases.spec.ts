import type { PlannedRun } from '@loadin/pipeline';
import { differentIdsOf, expectedIds, idsOf } from '@loadin/specs';
import { finishNamedJob, planNamedJob, runNamedSlice } from './named-phases.js';
import { AT, startWorld, type World } from './world.fixture.js';

const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 30 }
  spotify.tracks: { from_artists: true }
  ticketmaster.events: { countries: [SE, NO], horizon_days: 60 }
jobs:
  daily: { streams: [spotify.artists, spotify.tracks, ticketmaster.events], sinks: [s3_raw, kinesis] }
`;

describe('a named job in phases', () => {
  let world: World;
  beforeEach(async () => (world = await startWorld({ jobs: JOBS })));
  afterEach(() => world.close());

  const shared = () => ({ job: 'daily', environment: world.environment(), clock: world.clock });
  const slicesOf = ({ run_id: runId }: PlannedRun, wave: PlannedRun['waves'][number]) => wave.map((slice) => ({ ...shared(), ...slice, runId }));

  it('brings exactly the source, each slice by a process of its own', async () => {
    const planned = await planNamedJob({ ...shared(), at: AT });
    expect(planned.waves.map((wave) => [...new Set(wave.map(({ stream }) => stream))])).toEqual([
      ['spotify.artists', 'ticketmaster.events'],
      ['spotify.tracks'],
    ]);
    for (const wave of planned.waves) {
      const ended = await Promise.all(slicesOf(planned, wave).reverse().map(runNamedSlice));
      expect(ended.filter(({ status }) => status !== 'complete')).toEqual([]);
    }
    const finished = await finishNamedJob({ ...shared(), runId: planned.run_id });
    expect(finished).toMatchObject({ status: 'complete', already_complete: false, problems: [], attempts: 1 });
    const truth = expectedIds(world.sources, { countries: ['SE', 'NO'], horizonDays: 60 }, AT).events;
    expect(idsOf(await world.lake.raw('events'), 'events')).toEqual(truth);
    const streamed = (await world.lake.stream()).filter((record) => record['data_type'] === 'events');
    expect(differentIdsOf(streamed, 'events')).toEqual(truth);
    expect(streamed).toHaveLength(truth.length);
    expect(await finishNamedJob({ ...shared(), runId: planned.run_id })).toEqual({ ...finished, already_complete: true });
    expect(await world.run('daily')).toEqual({ ...finished, already_complete: true });
    expect((await planNamedJob({ ...shared(), at: AT })).waves).toEqual([]);
  });

  it('says what is missing when it is finished too early, and is gone on with by a run of the whole job', async () => {
    const planned = await planNamedJob({ ...shared(), at: AT });
    const early = await finishNamedJob({ ...shared(), runId: planned.run_id });
    expect(early).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(early.problems).toContainEqual(expect.stringMatching(/^ticketmaster\.events: 2 of 2 slices are not done: SE, NO$/));
    expect(await world.run('daily')).toMatchObject({ run_id: planned.run_id, status: 'complete', problems: [], attempts: 2 });
  });

  it('asks AWS for no more than a slice needs, and no other source', async () => {
    const planned = await planNamedJob({ ...shared(), at: AT });
    const before = world.aws.requests();
    const environment = world.environment({ API_SPOTIFY_CLIENT_ID: undefined, API_SPOTIFY_CLIENT_SECRET: undefined });
    expect(await runNamedSlice({ ...shared(), environment, runId: planned.run_id, stream: 'ticketmaster.events', slice: 0 })).toMatchObject({
      status: 'complete',
      name: 'SE',
    });
    const asked = (service: 's3' | 'kinesis' | 'dynamodb', operation: string): number =>
      (world.aws.requests()[service]?.[operation] ?? 0) - (before[service]?.[operation] ?? 0);
    expect([asked('s3', 'HeadBucket'), asked('dynamodb', 'DescribeTable'), asked('kinesis', 'DescribeStreamSummary')]).toEqual([0, 0, 0]);
  });

  it.each([
    ['an unknown stream', { stream: 'ticketmaster.even' }, 'The job daily has no stream "ticketmaster.even"'],
    ['an unknown slice', { slice: 7 }, 'ticketmaster.events has no slice 7 in this run'],
    ['a run that was not planned', { runId: 'no-such-run' }, 'the run no-such-run of daily has no plan'],
  ])('refuses %s before it reads anything', async (_, wrong, message) => {
    const { run_id: runId } = await planNamedJob({ ...shared(), at: AT });
    const wanted = { ...shared(), runId, stream: 'ticketmaster.events', slice: 0, ...wrong };
    await expect(runNamedSlice(wanted)).rejects.toMatchObject({ action: 'fatal', message });
    expect(world.sources.requests().byApi.ticketmaster.calls).toBe(0);
  });
});

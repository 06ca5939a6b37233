import { RetryableError } from '@loadin/resilience';
import { createRandom, createRecordingLogger } from '@loadin/testing';
import {
  finishRun,
  planRun,
  runPlannedSlice,
  type Job,
  type JobStream,
  type PlannedRun,
  type PlannedSlice,
  type SliceReport,
  type Stream,
} from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { AT, createWorld } from '../runs/run.fixture.js';

const truth = Array.from({ length: 12 }, (_, n) => `spotify_a${n}`).sort();

/** Each call is a process of its own, on a machine of its own: nothing is shared but the stores and the sinks. */
function createPhases(failing: (slice: number) => boolean = () => false) {
  const world = createWorld();
  const onPage = (slice: number): void => {
    if (failing(slice)) throw new RetryableError('502');
  };
  const sources: ReturnType<typeof createListStream>[] = [];
  const options = (streams?: Stream[]) => {
    const list = createListStream({ slices: Array.from({ length: 4 }, (_, slice) => [artists(slice * 3, 3)]), onPage });
    sources.push(list);
    const job: Job<JobStream> = {
      name: 'daily',
      streams: (streams ?? [list]).map((stream) => ({ stream, transform: toArtist, sinks: world.sinks, schemaVersion: '1' })),
    };
    return { job, lake: world.lake, state: world.state, clock: world.clock };
  };
  return {
    ...world,
    options,
    asked: () => sources.flatMap(({ asked }) => asked).sort(),
    plan: (): Promise<PlannedRun> => planRun({ ...options(), at: AT }),
    slice: ({ run_id: runId }: PlannedRun, { stream, slice }: PlannedSlice): Promise<SliceReport> =>
      runPlannedSlice({ ...options(), runId, stream, slice }),
    finish: ({ run_id: runId }: Pick<PlannedRun, 'run_id'>) => finishRun({ ...options(), runId }),
  };
}

describe('a run in phases', () => {
  it('plans, works on each slice elsewhere and finishes: the same result as in one process', async () => {
    const phases = createPhases();
    const planned = await phases.plan();
    expect(planned).toMatchObject({ job: 'daily', scheduled_time: AT, attempt: 1 });
    expect(planned.waves).toEqual([[0, 1, 2, 3].map((slice) => ({ stream: 'spotify.artists', slice, name: `slice ${slice}` }))]);
    const reports = await Promise.all((planned.waves[0] ?? []).map((slice) => phases.slice(planned, slice)));
    expect(reports[1]).toMatchObject({ status: 'complete', stream: 'spotify.artists', slice: 1, ledger: { read: 3, accepted: 3 } });
    // The log of the machine that has done nothing else.
    const logger = createRecordingLogger();
    await runPlannedSlice({ ...phases.options(), logger, runId: planned.run_id, stream: 'spotify.artists', slice: 1 });
    expect(logger.lines).toMatchObject([
      { message: 'Completed: spotify.artists slice slice 1', fields: { run_id: planned.run_id, slice: 1, read: 3 } },
    ]);
    const report = await phases.finish(planned);
    const whole = await createWorld().run(
      createPhases()
        .options()
        .job.streams.map(({ stream }) => stream),
    );
    expect(report.streams[0]?.ledger).toEqual(whole.streams[0]?.ledger);
    expect(report).toMatchObject({ status: 'complete', run_id: whole.run_id, attempts: 1, problems: [] });
    expect(phases.ids(0).sort()).toEqual(truth);
  });

  it('says at its end in one line of the log what it came to', async () => {
    const phases = createPhases();
    const planned = await phases.plan();
    for (const slice of planned.waves[0] ?? []) await phases.slice(planned, slice);
    const logger = createRecordingLogger();
    const { streams } = await finishRun({ ...phases.options(), logger, runId: planned.run_id });
    const { read, accepted, rejected, deduplicated } = streams[0]?.ledger ?? {};
    expect(read).toBeGreaterThan(0);
    const fields = { run_id: planned.run_id, attempt: 1, status: 'complete', read, accepted, rejected, deduplicated, problems: [] };
    expect(logger.lines.at(-1)).toMatchObject({ message: 'Completed: daily', fields: { ...fields, duration_ms: expect.any(Number) } });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))('may be called in any order, again and again (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const broken = new Set([0, 1, 2, 3].filter(() => random() < 0.3));
    const phases = createPhases((slice) => broken.delete(slice));
    const planned = await phases.plan();
    const slices = planned.waves[0] ?? [];
    const any = (): Promise<unknown> => {
      const which = Math.floor(random() * 6);
      if (which === 0) return phases.plan();
      if (which === 1) return phases.finish(planned);
      return phases.slice(planned, slices[which - 2] as PlannedSlice);
    };
    // Some side by side, as a scheduler does that repeats what takes too long.
    for (let round = 0; round < 8; round += 1) await Promise.all([any(), any(), any()]);
    for (const slice of slices) await phases.slice(planned, slice);
    expect(await phases.finish(planned)).toMatchObject({ status: 'complete', problems: [] });
    expect(phases.ids(0).sort()).toEqual(truth);
    expect(phases.ids(1).sort()).toEqual(truth);
    expect(phases.sinks[1]?.calls).toHaveLength(4);
    expect(phases.asked()).toEqual(['0/0', '1/0', '2/0', '3/0']);
  });

  it('keeps what went wrong with a slice for whoever finishes', async () => {
    const phases = createPhases((slice) => slice === 2);
    const planned = await phases.plan();
    const reports = [];
    for (const slice of planned.waves[0] ?? []) reports.push(await phases.slice(planned, slice));
    expect(reports[2]).toMatchObject({ status: 'failed', error: { name: 'RetryableError', message: '502' } });
    expect(await phases.finish(planned)).toMatchObject({
      status: 'failed',
      problems: ['spotify.artists: 502'],
      streams: [{ slices: { planned: 4, finished: 3 }, ledger: { accepted: 9 }, checkpoint: null }],
    });
  });

  it('says what is missing when it is finished too early, and goes on', async () => {
    const phases = createPhases();
    const planned = await phases.plan();
    await phases.slice(planned, planned.waves[0]?.[1] as PlannedSlice);
    const early = await phases.finish(planned);
    expect(early).toMatchObject({
      status: 'stopped',
      reason: 'deadline',
      problems: [expect.stringContaining('3 of 4 slices are not done: slice 0, ')],
    });
    for (const slice of planned.waves[0] ?? []) await phases.slice(planned, slice);
    expect(await phases.finish(planned)).toMatchObject({ status: 'complete', problems: [] });
  });

  it('puts slices that read what others land into a later wave, and does not read them before', async () => {
    const phases = createPhases();
    const events = createListStream({ id: 'ticketmaster.events', slices: [[artists(0, 1)], [artists(1, 1)]] });
    const venues: Stream = {
      ...createListStream({ id: 'ticketmaster.venues', slices: [[artists(2, 1)]], readsAfter: ['ticketmaster.events'] }),
      async *read(_, { landed }) {
        const records = [];
        for await (const page of landed('ticketmaster.events')) records.push(...page.records);
        yield { records, position: null, request: 'landed' };
      },
    };
    const options = phases.options([venues, events]);
    const planned = await planRun({ ...options, at: AT });
    expect(planned.waves.map((wave) => wave.map(({ stream, slice }) => `${stream} ${slice}`))).toEqual([
      ['ticketmaster.events 0', 'ticketmaster.events 1'],
      ['ticketmaster.venues 0'],
    ]);
    const run = (stream: string, slice: number) => runPlannedSlice({ ...options, runId: planned.run_id, stream, slice });
    await run('ticketmaster.events', 0);
    const tooEarly = await run('ticketmaster.venues', 0);
    expect(tooEarly).toMatchObject({ status: 'failed', error: { action: 'retry', message: expect.stringContaining('not landed to its end') } });
    await run('ticketmaster.events', 1);
    expect(await run('ticketmaster.venues', 0)).toMatchObject({ status: 'complete', ledger: { read: 2 } });
  });

  it('is refused for a run that was never planned, and for what its plan does not have', async () => {
    const phases = createPhases();
    await expect(phases.finish({ run_id: 'none' })).rejects.toMatchObject({ action: 'fatal', message: 'the run none of daily has no plan' });
    const planned = await phases.plan();
    const wrong = { stream: 'spotify.artists', slice: 9, name: '' };
    await expect(phases.slice(planned, wrong)).rejects.toMatchObject({ message: 'spotify.artists has no slice 9 in this run' });
    await expect(phases.slice(planned, { ...wrong, stream: 'a.b' })).rejects.toMatchObject({ action: 'fatal' });
  });
});

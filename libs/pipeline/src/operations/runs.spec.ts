import { RetryableError, type RunRecord } from '../index.js';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { AT, createWorld } from '../runs/run.fixture.js';
import { findRunByName } from './find-run.js';
import { listRuns } from './list-runs.js';
import { showRun } from './show-run.js';

const LATER = '2024-11-08T03:00:00Z';

describe('what an operator sees of runs', () => {
  const slices = [[artists(0, 6), [{ id: 'x' }]]];

  it('lists the latest first, with the sums of their reports', async () => {
    const world = createWorld();
    await world.run(createListStream({ slices }), { at: AT });
    await world.clock.advance(3_600_000);
    await world.run(createListStream({ slices: [[artists(10, 2)]] }), { at: LATER });
    const runs = await listRuns(world);
    expect(runs.map(({ scheduled_time, status, attempts, counts }) => ({ scheduled_time, status, attempts, counts }))).toEqual([
      {
        scheduled_time: LATER,
        status: 'complete',
        attempts: 1,
        counts: { read: 2, accepted: 2, rejected: 0, deduplicated: 0, dead_lettered: 0, objects: 2 },
      },
      {
        scheduled_time: AT,
        status: 'complete',
        attempts: 1,
        counts: { read: 7, accepted: 6, rejected: 1, deduplicated: 0, dead_lettered: 0, objects: 3 },
      },
    ]);
    expect(runs[1]?.problems).toEqual([expect.stringContaining('1 of 7 records were rejected')]);
  });

  it('lists no more than are asked for, and of one job alone', async () => {
    const world = createWorld();
    for (let hour = 0; hour < 9; hour += 1) {
      const record = { run_id: `r${hour}`, job: hour % 3 === 0 ? 'daily' : 'hourly', scheduled_time: `2024-11-08T0${hour}:00:00Z`, started_at: AT };
      await world.state.put(`run/r${hour}`, record, null);
    }
    expect((await listRuns(world, { limit: 2 })).map(({ run_id }) => run_id)).toEqual(['r8', 'r7']);
    expect((await listRuns(world, { job: 'daily', limit: 2 })).map(({ run_id }) => run_id)).toEqual(['r6', 'r3']);
    expect((await listRuns(world, { job: 'daily', limit: 2 }))[0]?.counts).toBeNull();
  });

  it('shows a run that has ended by its report', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices }));
    const details = await showRun(world, await findRunByName(world.state, report.run_id));
    expect(details).toMatchObject({
      source: 'report',
      run: { status: 'complete', attempts: 1 },
      problems: report.problems,
      stopped: null,
      report_uri: report.report_uri,
      streams: [{ stream: 'spotify.artists', status: 'complete', ledger: report.streams[0]?.ledger, objects: report.streams[0]?.objects }],
    });
  });

  it('shows a run whose only attempt was killed by the progress that it saved', async () => {
    const world = createWorld({
      lake: {
        fail: (operation, key) => (operation === 'put' && key.includes('reports/') ? { error: new Error('killed'), when: 'before' } : undefined),
      },
    });
    expect(await world.run(createListStream({ slices: [...slices, [artists(20, 3)]] }))).toMatchObject({ status: 'failed', report_uri: null });
    const details = await showRun(world, await findRunByName(world.state, 'daily', AT));
    expect(details).toMatchObject({ source: 'progress', run: { status: 'running', attempts: 1 }, duration_ms: null, report_uri: null });
    expect(details.streams).toMatchObject([
      {
        status: 'under_way',
        slices: { planned: 2, finished: 2 },
        ledger: { read: 10, accepted: 9, rejected: 1, sinks: { kinesis: { delivered: 9 } } },
      },
    ]);
  });

  it('shows how far a failed attempt came, with what went wrong', async () => {
    const fail = (): { error: Error; when: 'before' } => ({ error: new RetryableError('the stream is throttled'), when: 'before' });
    const world = createWorld({ sinks: [{ name: 's3_raw' }, { name: 'kinesis', fail }] });
    const { run_id } = await world.run(createListStream({ slices }));
    const details = await showRun(world, await findRunByName(world.state, run_id));
    expect(details).toMatchObject({ source: 'report', run: { status: 'failed' }, streams: [{ status: 'failed', error: { action: 'retry' } }] });
    expect(details.problems).toEqual(expect.arrayContaining(['spotify.artists: the stream is throttled']));
  });

  it('names a damaged report, and lists all the same', async () => {
    const world = createWorld();
    const { run_id } = await world.run(createListStream({ slices }));
    await world.lake.put(`_loadin/reports/daily/${run_id}.json`, Buffer.from('{"str'));
    expect(await listRuns(world)).toMatchObject([{ run_id, counts: null, problems: [expect.stringContaining('is damaged')] }]);
    await expect(findRunByName(world.state, run_id).then((run) => showRun(world, run))).rejects.toThrow(`the report of run ${run_id} is damaged`);
  });

  it('finds a run by job and time: the last repetition, or the only run of some streams', async () => {
    const world = createWorld();
    const stream = createListStream({ slices });
    const partial = await world.run(stream, { only: ['spotify.artists'] });
    expect(await findRunByName(world.state, 'daily', AT)).toMatchObject({ run_id: partial.run_id });
    await world.run(stream);
    const again = await world.run(stream, { again: true });
    expect(await findRunByName(world.state, 'daily', '2024-11-08T03:00:00+01:00')).toMatchObject({
      run_id: again.run_id,
      repetition: 2,
    } as RunRecord);
  });

  it.each([
    [['daily'], '"daily" is no run id'],
    [['3b513a95-0d08-59a8-b820-80d6ea3cb672'], 'There is no run 3b513a95'],
    [['daily', '2024-11-09'], 'The job daily has no run of 2024-11-09T00:00:00Z'],
    [['daily', 'yesterday'], '"yesterday" is not a time'],
  ])('refuses %j', async ([name = '', time], message) => {
    await expect(findRunByName(createWorld().state, name, time)).rejects.toThrow(message);
  });

  it('asks for the id when several runs of some streams have the same time', async () => {
    const world = createWorld();
    for (const run_id of ['a', 'b']) await world.state.put(`run/${run_id}`, { run_id, job: 'daily', scheduled_time: AT }, null);
    await expect(findRunByName(world.state, 'daily', AT)).rejects.toMatchObject({
      message: expect.stringContaining('2 runs'),
      hint: 'Name one by its id: a, b.',
    });
  });
});

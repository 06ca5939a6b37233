import { RetryableError, type ObjectStore, type RunReport } from '../index.js';
import { artists, toArtist } from '../runs/list-stream.fixture.js';
import { createReplayWorld } from './replay.fixture.js';

const TWO_SLICES = [[artists(0, 3), artists(3, 4)], [artists(7, 2)]];

describe('which runs are replayed', () => {
  const days = ['2024-11-06T02:00:00Z', '2024-11-07T02:00:00Z', '2024-11-08T02:00:00Z'] as const;
  const worldOfThree = async () => {
    const world = createReplayWorld({ slices: [[artists(0, 2)]] });
    for (const at of days) await world.run(at);
    return world;
  };
  const times = (report: { runs: readonly { scheduled_time: string }[] }): string[] => report.runs.map(({ scheduled_time }) => scheduled_time);

  it.each([
    ['both ends are included', days[0], days[1], [days[0], days[1]]],
    ['a second beside an end is outside', '2024-11-06T02:00:01Z', '2024-11-08T01:59:59Z', [days[1]]],
    ['dates alone mean whole days', '2024-11-07', '2024-11-08', [days[1], days[2]]],
    ['other zones are read', '2024-11-07T03:00:00+01:00', '2024-11-07T03:00:00+01:00', [days[1]]],
    ['there may be none', '2023-01-01', '2023-12-31', []],
  ])('%s', async (_, from, to, expected) => {
    expect(times(await (await worldOfThree()).replay({ from, to }))).toEqual(expected);
  });

  it('refuses a window that is none', async () => {
    const world = await worldOfThree();
    await expect(world.replay({ from: days[1], to: days[0] })).rejects.toMatchObject({ action: 'fatal' });
    await expect(world.replay({ from: 'yesterday', to: days[0] })).rejects.toThrow('"yesterday" is not a time');
  });

  it('can be only those of a job, and only some streams of a run', async () => {
    const world = await worldOfThree();
    const window = { from: days[0], to: days[2] };
    expect(times(await world.replay({ ...window, job: 'hourly' }))).toEqual([]);
    expect(times(await world.replay({ ...window, job: 'daily', streams: ['spotify.artists'] }))).toEqual(days);
    expect(times(await world.replay({ ...window, streams: ['ticketmaster.events'] }))).toEqual([]);
  });
});

describe('a run that can not be replayed is named and left alone', () => {
  const skippedBy = async (damage: (world: ReturnType<typeof createReplayWorld>, run: RunReport) => void | Promise<void>) => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const run = await world.run();
    await damage(world, run);
    const before = [...world.lake.objects].map(([key, { writes }]) => `${key} ${writes}`);
    const report = await world.replay();
    expect([...world.lake.objects].map(([key, { writes }]) => `${key} ${writes}`)).toEqual(
      before.filter((line) => !/^_loadin\/replays.*\.json /.test(line)),
    );
    expect(world.sent()).toEqual([]);
    expect(report.status).toBe('failed');
    expect(report.runs).toMatchObject([{ run_id: run.run_id, status: 'skipped', problems: [], report_uri: null }]);
    return report.runs[0]?.skipped_because;
  };

  it.each([
    ['all', /landing\//],
    ['the second slice', /landing\/.*slice=00001/],
  ])('when its landed pages are gone: %s', async (_, gone) => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run();
    world.forget(gone);
    const { runs, status } = await world.replay();
    expect(status).toBe('failed');
    expect(runs).toMatchObject([{ status: 'skipped' }]);
    expect(runs[0]?.skipped_because).toMatch(/^its landed pages are not there any more \(expired\?\) \(landing\/.*\/pages-000000\.ndjson\.gz\)$/);
    expect(world.sent()).toEqual([]);
  });

  it('when its plan is missing, or is none', async () => {
    expect(await skippedBy((world) => world.forget(/^_loadin\/plans/))).toMatch(
      /^its plan is not there \(memory:\/\/objects\/_loadin\/plans\/daily\//,
    );
    expect(await skippedBy((world, { run_id }) => world.lake.put(`_loadin/plans/daily/${run_id}.json`, Buffer.from('{')))).toMatch(
      /^its plan can't be read/,
    );
  });

  it('but not because the lake does not answer: that ends the replay, which can be asked for again', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const { run_id } = await world.run();
    await world.lake.put(`_loadin/plans/daily/${run_id}.json`, Buffer.from('{'));
    const deaf = (lake: ObjectStore): ObjectStore => ({
      ...lake,
      get: (key) => (key.startsWith('_loadin/reports/') ? Promise.reject(new RetryableError('503 Slow Down')) : lake.get(key)),
    });
    await expect(world.replay({ wrap: { lake: deaf, state: (state) => state, sink: (sink) => sink } })).rejects.toThrow('503 Slow Down');
  });

  it('when it is not complete', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const failing = { ...world.source, read: () => failAtOnce() };
    // eslint-disable-next-line require-yield -- it fails before its first page
    async function* failAtOnce(): AsyncGenerator<never> {
      throw new RetryableError('502');
    }
    const stream = { stream: failing, transform: toArtist, sinks: [world.raw], schemaVersion: '1' };
    expect((await world.runStreams([stream])).status).toBe('failed');
    expect((await world.replay()).runs).toMatchObject([{ status: 'skipped', skipped_because: expect.stringContaining('not complete (failed)') }]);
  });

  it('when its job has the stream no more', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run();
    const { runs } = await world.replay({ streamOf: async () => undefined });
    expect(runs).toMatchObject([
      { status: 'skipped', skipped_because: expect.stringContaining('no job daily has the stream spotify.artists any more') },
    ]);
  });

  it('when nothing can be read that says what it was', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const [first, second] = [await world.run('2024-11-07T02:00:00Z'), await world.run()];
    for (const { run_id } of [first, second]) await world.lake.put(`_loadin/reports/daily/${run_id}.json`, Buffer.from('{'));
    world.forget(`_loadin/plans/daily/${first.run_id}.json`);
    expect((await world.replay()).runs).toMatchObject([
      { run_id: first.run_id, status: 'skipped', skipped_because: expect.stringContaining("and its report can't be read") },
      {
        run_id: second.run_id,
        status: 'failed',
        problems: [expect.stringMatching(/^this report of a run can't be read \(memory:.*\): Bring an earlier/)],
      },
    ]);
  });

  it('while the others are', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const first = await world.run('2024-11-07T02:00:00Z');
    await world.run();
    world.forget(new RegExp(`landing/.*${first.run_id}`));
    const report = await world.replay({ from: '2024-11-07', to: '2024-11-08' });
    expect(report.runs.map(({ status }) => status)).toEqual(['skipped', 'complete']);
    expect(report.status).toBe('failed');
  });
});

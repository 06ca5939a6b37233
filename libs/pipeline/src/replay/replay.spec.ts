import { RetryableError, StopError } from '@loadin/resilience';
import { readCheckpoint, type ObjectStore, type ReplayReport, type RunReport } from '../index.js';
import { artists, toArtist } from '../list-stream.fixture.js';
import { AT } from '../run.fixture.js';
import { createReplayWorld, stricter, withMark } from './replay.fixture.js';

const ids = (...numbers: number[]): string[] => numbers.map((number) => `spotify_a${number}`);
const TWO_SLICES = [[artists(0, 3), artists(3, 4)], [artists(7, 2)]];
const all = ids(0, 1, 2, 3, 4, 5, 6, 7, 8);

describe('a replay with the transform unchanged', () => {
  it('leaves raw objects alone and sends the stream what it was sent first, without a question to the source', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const run = await world.run();
    const first = world.sent();
    const [before, asked] = [world.raw.batches, [...world.source.asked]];
    const checkpoint = await readCheckpoint(world.state, 'daily', 'spotify.artists');
    const report = await world.replay();
    expect(report).toMatchObject({ status: 'complete', dry_run: false, from: AT, to: AT });
    expect(report.runs).toMatchObject([{ run_id: run.run_id, status: 'complete', problems: [], already_complete: false }]);
    expect(world.sent()).toEqual(first);
    expect(world.sent().every((record) => !('replayOf' in record))).toBe(true);
    expect(world.raw.batches).toHaveLength(before.length);
    // The very same objects, not equal ones that were written in their place.
    expect(world.raw.batches.every((batch, index) => batch === before[index])).toBe(true);
    expect(world.source.asked).toEqual(asked);
    expect(await readCheckpoint(world.state, 'daily', 'spotify.artists')).toEqual(checkpoint);
  });

  it('has a balanced report of each run, which is stored', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const run = await world.run();
    const [replayed] = (await world.replay()).runs;
    const arrived = { delivered: 9, dead_lettered: 0, pending: 0 };
    expect(replayed?.streams).toMatchObject([
      {
        stream: 'spotify.artists',
        status: 'complete',
        ledger: { read: 9, accepted: 9, sinks: { s3_raw: arrived, kinesis: arrived } },
        slices: { planned: 2, finished: 2 },
        replay: {
          number: 1,
          records: { unchanged: 9, changed: 0, newly_accepted: 0, newly_rejected: 0 },
          objects: { kept: 4, rebuilt: 0, replaced: 0, emptied: 0 },
        },
      },
    ]);
    const key = `_loadin/replays/daily/${run.run_id}/${replayed?.replay_id}.json`;
    expect(replayed?.report_uri).toBe(`memory://objects/${key}`);
    expect(JSON.parse(world.lake.text(key))).toEqual(replayed);
  });

  it('rebuilds an object that is gone, and its records are not taken for changed ones', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run();
    const before = world.raw.batches.length;
    expect(world.raw.remove({ sliceOrdinal: 0, part: 1 })).toBe(true);
    const [replayed] = (await world.replay()).runs;
    expect(world.raw.batches).toHaveLength(before);
    expect(world.rawIds().sort()).toEqual(all);
    expect(replayed?.streams[0]?.replay).toMatchObject({ records: { changed: 0 }, objects: { kept: 3, rebuilt: 1 } });
    expect(world.sent().some((record) => 'replayOf' in record)).toBe(false);
  });

  it('keeps who delivers records that belong to no slice by themselves', async () => {
    const slices = [[artists(0, 4)], [artists(2, 4)]];
    const world = createReplayWorld({ slices, belongs: () => 'unclaimed' });
    await world.run();
    const first = world.sent();
    const state = world.state.history.filter(({ key }) => key.startsWith('claimed/')).length;
    await world.replay();
    expect(world.sent().sort(byId)).toEqual(first.sort(byId));
    expect(world.state.history.filter(({ key }) => key.startsWith('claimed/'))).toHaveLength(state);
  });
});

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

describe('a replay with another transform', () => {
  it('replaces raw objects, and stream records that changed say whose replay they are; the others go as they were', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const run = await world.run();
    const hashes = new Map(world.sent().map(({ id, hash }) => [id, hash]));
    const [replayed] = (await world.replay({ transform: withMark })).runs;
    expect(replayed).toMatchObject({ status: 'complete', problems: [] });
    expect(replayed?.streams[0]?.replay).toMatchObject({ records: { unchanged: 4, changed: 5 }, objects: { kept: 0, replaced: 4 } });
    for (const { id, hash, replayOf } of world.sent() as { id: string; hash: string; replayOf?: string }[]) {
      const even = Number(id.slice(-1)) % 2 === 0;
      expect({ id, replayOf, same: hash === hashes.get(id) }).toEqual({ id, replayOf: even ? run.run_id : undefined, same: !even });
    }
    expect(
      world
        .sent()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(all);
    expect(world.raw.records.map(({ value }) => value['name']).filter((name) => String(name).endsWith('!'))).toHaveLength(5);
    expect(world.raw.batches.every((batch) => batch.runId === run.run_id && batch.second === AT)).toBe(true);
  });

  it('marks everything when the job has no sink that says what was delivered', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const run = await world.run(AT, toArtist, ['kinesis']);
    const [replayed] = (await world.replay({ sinkNames: ['kinesis'] })).runs;
    expect(replayed?.streams[0]?.replay.records).toEqual({ unchanged: 0, changed: 9, newly_accepted: 0, newly_rejected: 0 });
    expect(world.sent().every((record) => 'replayOf' in record && record.replayOf === run.run_id)).toBe(true);
  });

  it('delivers what was rejected and can be parsed now; what can not be parsed any more becomes a dead letter, and the report says so', async () => {
    const world = createReplayWorld({ slices: [[[{ id: 'a90' }, ...artists(0, 4)]]] });
    const run = await world.run();
    expect(world.rawIds()).toEqual(ids(0, 1, 2, 3));
    const [replayed] = (await world.replay({ transform: stricter((id) => id === 'spotify_a2') })).runs;
    expect(world.rawIds()).toEqual(ids(90, 0, 1, 3));
    expect(world.sent()).toMatchObject([
      { id: 'spotify_a90', replayOf: run.run_id },
      { id: 'spotify_a0' },
      { id: 'spotify_a1' },
      { id: 'spotify_a3' },
    ]);
    expect(world.sent().filter((record) => 'replayOf' in record)).toHaveLength(1);
    expect(replayed?.streams[0]?.ledger).toMatchObject({ accepted: 4, rejected: 1 });
    expect(replayed?.streams[0]?.replay.records).toEqual({ unchanged: 3, changed: 1, newly_accepted: 1, newly_rejected: 1 });
    expect(world.letters().map(({ reason }) => reason)).toEqual(['name: is missing', 'id: is refused now']);
  });

  it('empties the objects that are needed no more: no record is lost or stands in two', async () => {
    const world = createReplayWorld({ slices: [[artists(0, 9)], [artists(9, 3)]] });
    await world.run();
    const names = world.raw.batches.map(({ sliceOrdinal, part }) => `${sliceOrdinal}/${part}`);
    expect(names.sort()).toEqual(['0/0', '0/1', '0/2', '1/0']);
    const odd = stricter((id) => Number(id.replace(/\D/g, '')) % 2 === 0);
    const [fewer] = (await world.replay({ transform: odd })).runs;
    expect(fewer?.streams[0]?.replay.objects).toEqual({ kept: 0, rebuilt: 0, replaced: 3, emptied: 1 });
    expect(world.rawIds().sort()).toEqual(ids(1, 11, 3, 5, 7, 9));
    expect(world.raw.batches.map(({ sliceOrdinal, part }) => `${sliceOrdinal}/${part}`).sort()).toEqual(names);
    expect(world.raw.batches.find(({ sliceOrdinal, part }) => sliceOrdinal === 0 && part === 2)).toMatchObject({ records: [], rejected: 0 });
    expect(fewer?.streams[0]?.ledger.sinks['s3_raw']).toEqual({ delivered: 6, dead_lettered: 0, pending: 0 });
    await world.replay();
    expect(world.rawIds()).toHaveLength(12);
    expect(new Set(world.rawIds()).size).toBe(12);
  });

  it('adds objects when more are needed', async () => {
    const bad = Array.from({ length: 4 }, (_, n) => ({ id: `a${50 + n}` }));
    const world = createReplayWorld({ slices: [[[...artists(0, 2), ...bad]]] });
    await world.run();
    expect(world.raw.batches).toHaveLength(1);
    const [replayed] = (await world.replay({ transform: stricter(() => false) })).runs;
    expect(replayed?.streams[0]?.replay.objects).toEqual({ kept: 0, rebuilt: 1, replaced: 1, emptied: 0 });
    expect(world.rawIds()).toEqual(ids(0, 1, 50, 51, 52, 53));
  });
});

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

describe('a dry run of a replay', () => {
  it('compares and counts, and changes nothing', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run();
    const written = [world.raw.calls.length, world.lake.objects.size, world.state.history.length];
    const report = await world.replay({ transform: withMark, dryRun: true });
    expect(report).toMatchObject({ status: 'complete', dry_run: true });
    expect(report.runs[0]).toMatchObject({
      report_uri: null,
      streams: [{ ledger: { accepted: 9 }, replay: { records: { changed: 5 }, objects: { replaced: 4 } } }],
    });
    expect([world.raw.calls.length, world.lake.objects.size, world.state.history.length]).toEqual(written);
    expect(world.sent()).toEqual([]);
  });
});

describe('a replay that stops', () => {
  it('goes on with the same command where it was, and leaves alone what it has done', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    const window = { from: '2024-11-07', to: '2024-11-08' };
    await world.run('2024-11-07T02:00:00Z');
    await world.run();
    const controller = new AbortController();
    const observe = (event: { type: string }): void => {
      if (event.type === 'stream-ended') controller.abort(new StopError('Ctrl-C', { reason: 'cancelled' }));
    };
    const first = await world.replay({ ...window, signal: controller.signal, observe, transform: withMark });
    expect(first).toMatchObject({ status: 'stopped', reason: 'cancelled', attempts: 1 });
    expect(first.runs.map(({ status }) => status)).toEqual(['complete', 'not_started']);
    const second = await world.replay({ ...window, transform: withMark });
    expect(second).toMatchObject({ status: 'complete', replay_id: first.replay_id, attempts: 2 });
    expect(second.runs).toMatchObject([{ already_complete: true }, { already_complete: false, status: 'complete' }]);
    expect(world.sent()).toHaveLength(9);
  });

  it('is a new one when the last one is complete', async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run();
    const first = await world.replay();
    const second = await world.replay();
    expect(second.replay_id).not.toBe(first.replay_id);
    expect(second.runs[0]?.streams[0]?.replay.number).toBe(2);
    expect(world.sent()).toHaveLength(9);
  });
});

describe('a replay of several runs of which one fails', () => {
  const window = { from: '2024-11-07', to: '2024-11-08' };
  /** The run of the second day has landed pages that can't be read. */
  const worldOfTwo = async () => {
    const world = createReplayWorld({ slices: TWO_SLICES });
    await world.run('2024-11-07T02:00:00Z');
    const { run_id } = await world.run();
    const first = [...world.lake.objects.keys()].find((key) => key.startsWith('landing/') && key.includes(run_id)) ?? '';
    await world.lake.put(first, Buffer.from('damaged'));
    return world;
  };
  const statuses = ({ runs }: ReplayReport) => runs.map(({ status, already_complete }) => (already_complete ? 'done before' : status));
  const contentOfFirstDay = (world: ReturnType<typeof createReplayWorld>): string[] =>
    world.raw.batches
      .filter(({ second }) => second.startsWith('2024-11-07'))
      .flatMap(({ records }) => records.map(({ hash }) => hash))
      .sort();

  it('leaves those alone that it has done, and says what to do about that one', async () => {
    const world = await worldOfTwo();
    expect(statuses(await world.replay(window))).toEqual(['complete', 'failed']);
    const again = await world.replay(window);
    expect(statuses(again)).toEqual(['done before', 'failed']);
    expect(again.runs[1]?.problems).toEqual([
      expect.stringMatching(/^these landed pages are damaged \(memory:.*\): Bring an earlier version of the object back/),
    ]);
  });

  it('does them again when an older transform is back', async () => {
    const world = await worldOfTwo();
    await world.replay({ ...window, transform: withMark });
    const marked = contentOfFirstDay(world);
    await world.replay(window);
    expect(contentOfFirstDay(world)).not.toEqual(marked);
    expect(statuses(await world.replay({ ...window, transform: withMark }))).toEqual(['complete', 'failed']);
    expect(contentOfFirstDay(world)).toEqual(marked);
  });

  it('does them again when an object has disappeared since', async () => {
    const world = await worldOfTwo();
    await world.replay(window);
    const before = contentOfFirstDay(world);
    world.raw.remove({ sliceOrdinal: 0, part: 0 });
    expect(contentOfFirstDay(world)).not.toEqual(before);
    expect(statuses(await world.replay(window))).toEqual(['complete', 'failed']);
    expect(contentOfFirstDay(world)).toEqual(before);
  });
});

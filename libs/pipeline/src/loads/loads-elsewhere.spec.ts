import { createMemorySink } from '@loadin/testing';
import { findLetters, finishRun, planRun, replayRuns, retryLetters, runPlannedSlice, showRun, type JobStream, type RetryContext } from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { seenRows } from './file-loader.fixture.js';
import { createLoadWorld, removeFolders } from './load-world.fixture.js';

afterAll(removeFolders);

const AT = '2024-11-08T02:00:00Z';

describe('a load in phases, each on a machine of its own', () => {
  const phasesOf = (world: ReturnType<typeof createLoadWorld>) => ({
    lake: world.lake,
    state: world.state,
    clock: world.clock,
    get job() {
      return world.jobOf([world.streamOf(), world.streamOf({ stream: { id: 'postgres.items', dataType: 'items' } })]);
    },
  });

  it('comes to what one process comes to', async () => {
    const world = createLoadWorld();
    world.add(450, [2]);
    const planned = await planRun({ ...phasesOf(world), at: AT });
    expect(planned.waves).toEqual([
      [
        { stream: 'postgres.orders', slice: 0, name: 'orders' },
        { stream: 'postgres.items', slice: 0, name: 'orders' },
      ],
    ]);
    const slices = (planned.waves[0] ?? []).map(({ stream, slice }) => ({ ...phasesOf(world), runId: planned.run_id, stream, slice }));
    for (const slice of slices) expect(await runPlannedSlice(slice)).toMatchObject({ status: 'complete', ledger: { read: 450, rejected: 1 } });
    // A second call is answered with what the slice came to.
    expect(await runPlannedSlice(slices[0] ?? ({} as never))).toMatchObject({ status: 'complete', ledger: { sinks: { files: { delivered: 449 } } } });
    const report = await finishRun({ ...phasesOf(world), runId: planned.run_id });
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(report.streams.map(({ objects, checkpoint }) => [objects.length, checkpoint?.cursor])).toEqual([
      [150, '450'],
      [150, '450'],
    ]);
  });

  it('is not finished before its slices are', async () => {
    const world = createLoadWorld();
    world.add(3);
    const { run_id: runId } = await planRun({ ...phasesOf(world), at: AT });
    await runPlannedSlice({ ...phasesOf(world), runId, stream: 'postgres.orders', slice: 0 });
    const report = await finishRun({ ...phasesOf(world), runId });
    expect(report).toMatchObject({ status: 'stopped', problems: ['postgres.items: 1 of 1 slices are not done: orders'] });
    expect(report.streams.map(({ checkpoint }) => checkpoint?.cursor)).toEqual(['3', undefined]);
  });
});

it('shows how far a load is while it is under way', async () => {
  const world = createLoadWorld();
  world.add(5, [2]);
  let shown: unknown;
  const stream = world.streamOf({
    at: async (step, { onProgress }) => {
      if (step !== 'written') return;
      await world.clock.sleep(11_000);
      onProgress({ read: 5, deduplicated: 0, rejected: 1 });
      await world.clock.sleep(1);
      for await (const { value } of world.state.list('run/')) shown = await showRun(world, value as never);
    },
  });
  await world.run([stream]);
  expect(shown).toMatchObject({
    source: 'progress',
    streams: [{ status: 'under_way', ledger: { read: 5, rejected: 1, sinks: { files: { pending: 4 } } } }],
  });
});

it('takes a place as any slice does, and no more loads are under way than there are places', async () => {
  const world = createLoadWorld();
  world.add(3);
  const underWay: number[] = [];
  let now = 0;
  const table = (name: string) =>
    world.streamOf({
      stream: { id: `postgres.${name}`, dataType: name },
      at: async (step) => {
        if (step === 'begun') underWay.push((now += 1));
        if (step === 'begun') await world.clock.sleep(1_000);
        if (step === 'completed') now -= 1;
      },
    });
  expect(await world.run(['a', 'b', 'c'].map(table), { maxSlices: 2 })).toMatchObject({ status: 'complete' });
  expect(underWay).toHaveLength(3);
  expect(Math.max(...underWay)).toBe(2);
});

it('begins no load for which the time will not do, but always one', async () => {
  const world = createLoadWorld();
  world.add(3);
  const tables = ['a', 'b'].map((name) =>
    world.streamOf({ stream: { id: `postgres.${name}`, dataType: name }, at: (step) => (step === 'read' ? world.clock.sleep(60_000) : undefined) }),
  );
  const end = world.clock.now() + 30_000;
  const report = await world.run(tables, { maxSlices: 1, concurrency: 1, deadline: () => end - world.clock.now() });
  expect(report).toMatchObject({ status: 'stopped', reason: 'deadline' });
  expect(report.streams.map(({ status }) => status)).toEqual(['complete', 'stopped']);
  expect(report.time).toMatchObject({ loading_ms: 60_000, reading_ms: 0, delivering_ms: 0 });
});

describe('what is loaded as a whole', () => {
  const retry: RetryContext = { transformOf: () => toArtist, sinkOf: async () => createMemorySink(), idOf: () => undefined, rawPrefix: () => 'raw/' };

  it('has letters that stay when they are retried, with what to do instead', async () => {
    const world = createLoadWorld();
    world.add(4, [2]);
    await world.run([world.streamOf()]);
    const found = [];
    for await (const letter of findLetters(world, { stage: 'load' })) found.push(letter);
    expect(found).toMatchObject([{ open_sinks: ['files'], letter: { stage: 'load', record: { id: 2 } } }]);
    for await (const letter of findLetters(world, { stage: 'sink' })) throw new Error(`${letter.id} is no letter of a sink`);
    expect(await retryLetters(world, {}, { ...retry, clock: world.clock })).toMatchObject({
      ...{ letters: 1, delivered: 0, remaining: 1 },
      reasons: [{ reason: expect.stringMatching(/^files commits postgres\.orders as a whole .* \(loadin run bronze --full-refresh reads all\)$/) }],
    });
  });

  it('is left out of a replay, which does the rest and says why', async () => {
    const world = createLoadWorld();
    world.add(4);
    const sink = createMemorySink();
    const list = (): JobStream => ({
      stream: createListStream({ slices: [[artists(0, 3)]] }),
      transform: toArtist,
      sinks: [sink],
      schemaVersion: '1',
    });
    await world.run([world.streamOf(), list()]);
    await world.run([world.streamOf()], { at: '2024-11-08T03:00:00Z' });
    const window = { from: AT, to: '2024-11-08T03:00:00Z', lake: world.lake, state: world.state, clock: world.clock };
    const streamOf = async (_: string, stream: string) => (stream === 'spotify.artists' ? list() : undefined);
    const because = expect.stringMatching(/^files loads it as a whole, and nothing is landed .*: loadin run bronze --full-refresh reads it anew$/);
    const all = await replayRuns({ ...window, streamOf });
    expect(all.status).toBe('complete');
    expect(all.runs).toMatchObject([
      { status: 'complete', streams: [{ stream: 'spotify.artists', status: 'complete' }], left_out: [{ stream: 'postgres.orders', because }] },
      { status: 'left_out', streams: [], left_out: [{ stream: 'postgres.orders', because }], report_uri: null },
    ]);
    // Whoever asks for it by name is told that nothing came of it.
    const named = await replayRuns({ ...window, streams: ['postgres.orders'], streamOf });
    expect(named).toMatchObject({ status: 'failed', runs: [{ status: 'skipped', skipped_because: because }, { status: 'skipped' }] });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual([1, 2, 3, 4]);
  });
});

import { RetryableError, StopError } from '@loadin/resilience';
import { createMemorySink } from '@loadin/testing';
import { readCheckpoint, type Loaded, type Loader, type RunEvent, type RunReport, type StreamReport } from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { seenRows } from './file-loader.fixture.js';
import { createLoadWorld, removeFolders } from './load-world.fixture.js';

afterAll(removeFolders);

const only = ({ streams: [stream] }: RunReport): StreamReport => {
  if (stream === undefined) throw new Error('the report has no stream');
  return stream;
};

describe('a stream with a loader', () => {
  it('is loaded once a run, reported by what the loader answers, and its checkpoint moves to the latest row', async () => {
    const world = createLoadWorld();
    world.add(7, [3]);
    const stream = world.streamOf();
    const events: RunEvent[] = [];
    const report = await world.run([stream], { observe: (event) => void events.push(event) });
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(only(report)).toMatchObject({
      stream: 'postgres.orders',
      loader: 'files',
      status: 'complete',
      ledger: { pages: 0, read: 7, accepted: 6, rejected: 1, deduplicated: 0, sinks: { files: { delivered: 6, dead_lettered: 0, pending: 0 } } },
      effort: { requests: 1, source_requests: 1 },
      slices: { planned: 1, finished: 1 },
      checkpoint: { cursor: '7', record_count: 6, run_id: report.run_id },
      inputs: [{ namespace: 'postgres', name: 'orders' }],
      outputs: [{ namespace: 'files', name: 'postgres.orders', schema_version: '1' }],
    });
    expect(only(report).objects.map(({ records }) => records)).toEqual([3, 3]);
    expect(seenRows(world.folder, 'postgres.orders')).toEqual([1, 2, 4, 5, 6, 7]);
    expect(events.map(({ type }) => type)).toEqual(['planned', 'stream-started', 'progress', 'progress', 'stream-ended']);
    expect(events[2]).toMatchObject({ ledger: { read: 7, accepted: 6, sinks: { files: { delivered: 0, pending: 6 } } } });
    expect([...world.lake.objects.keys()].filter((key) => key.startsWith('landing/'))).toEqual([]);
  });

  it('gives its rejected rows as dead letters, which can be found and are not retried one by one', async () => {
    const world = createLoadWorld();
    world.add(4, [2]);
    await world.run([world.streamOf()]);
    const [key = ''] = [...world.lake.objects.keys()].filter((each) => each.startsWith('dead-letters/'));
    expect(key).toMatch(/^dead-letters\/postgres\/orders\/date=2024-11-08\/run=[0-9a-f-]+\/slice=00000-load-000000\.ndjson$/);
    expect(JSON.parse(world.lake.text(key))).toMatchObject({
      ...{ stage: 'load', reason: 'its text is bad', error_class: 'BadRow', sinks: ['files'], stream: 'postgres.orders', slice: 0 },
      record: { id: 2, text: 'row 2' },
    });
  });

  it('goes on from the checkpoint in the next run, and reads everything again when it is asked to', async () => {
    const world = createLoadWorld();
    world.add(4);
    await world.run([world.streamOf()]);
    world.add(3);
    const second = world.streamOf();
    expect(only(await world.run([second], { at: '2024-11-08T03:00:00Z' })).ledger.read).toBe(3);
    expect((second.loader as Loader & { loads: unknown[] }).loads).toMatchObject([
      { fullRefresh: false, second: '2024-11-08T03:00:00Z', slice: { interval: { from: ['4'], to: ['7'] } } },
    ]);
    const again = world.streamOf();
    const report = await world.run([again], { at: '2024-11-08T04:00:00Z', fullRefresh: true });
    expect(only(report)).toMatchObject({ ledger: { read: 7 }, checkpoint: { cursor: '7' } });
    expect((again.loader as Loader & { loads: unknown[] }).loads).toMatchObject([{ fullRefresh: true, slice: { interval: { from: null } } }]);
  });

  it('is answered with its report once the run is complete, without a word to the loader', async () => {
    const world = createLoadWorld();
    world.add(2);
    const report = await world.run([world.streamOf()]);
    const stream = world.streamOf();
    expect(await world.run([stream])).toEqual({ ...report, already_complete: true });
    expect((stream.loader as Loader & { loads: unknown[] }).loads).toEqual([]);
  });

  it('lists its objects in the lake when they are too many for the item of its progress', async () => {
    const world = createLoadWorld();
    world.add(3 * 150);
    const report = await world.run([world.streamOf()]);
    expect(only(report).objects).toHaveLength(150);
    const item = await world.state.get(`progress/${report.run_id}/postgres.orders/0`);
    expect(JSON.stringify(item?.value).length).toBeLessThan(2_000);
  });

  it.each(['complete', 'failed'])('begins when those have ended that it loads after, however: %s', async (status) => {
    const world = createLoadWorld();
    world.add(2);
    const seen: string[] = [];
    const at = (name: string, fails: boolean) => () => {
      seen.push(name);
      return fails ? Promise.reject(new RetryableError('the database is gone')) : Promise.resolve();
    };
    const items = {
      ...world.streamOf({ stream: { id: 'postgres.items', dataType: 'items' }, at: at('items', false) }),
      loadsAfter: ['postgres.orders', 'postgres.none'],
    };
    const orders = world.streamOf({ at: at('orders', status === 'failed') });
    const report = await world.run([items, orders]);
    expect(report.streams.map((stream) => [stream.stream, stream.status])).toEqual([
      ['postgres.items', 'complete'],
      ['postgres.orders', status],
    ]);
    expect([...new Set(seen)]).toEqual(['orders', 'items']);
  });

  it('does not stop the other streams when it fails, and says what went wrong', async () => {
    const world = createLoadWorld();
    world.add(4);
    const failing = world.streamOf({ at: () => Promise.reject(new RetryableError('the database is gone')) });
    const sink = createMemorySink();
    const other = { stream: createListStream({ slices: [[artists(0, 3)]] }), transform: toArtist, sinks: [sink], schemaVersion: '1' };
    const report = await world.run([failing, other, world.streamOf({ stream: { id: 'postgres.items', dataType: 'items' } })]);
    expect(report).toMatchObject({ status: 'failed', problems: ['postgres.orders: the database is gone'] });
    expect(report.streams.map(({ status }) => status)).toEqual(['failed', 'complete', 'complete']);
    expect(only(report)).toMatchObject({ checkpoint: null, ledger: { read: 0 }, error: { action: 'retry' } });
    expect(sink.records).toHaveLength(3);
    expect(await world.run([world.streamOf(), other, world.streamOf({ stream: { id: 'postgres.items', dataType: 'items' } })])).toMatchObject({
      status: 'complete',
      attempts: 2,
    });
  });

  it('stops when it is told to, commits nothing after that, and the same call goes on', async () => {
    const world = createLoadWorld();
    world.add(4);
    const stop = new AbortController();
    const stream = world.streamOf({
      at: (step) => (step === 'written' ? stop.abort(new StopError('that is enough', { reason: 'deadline' })) : undefined),
    });
    const report = await world.run([stream], { signal: stop.signal });
    expect(report).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(only(report)).toMatchObject({ checkpoint: null, ledger: { read: 4, accepted: 4, sinks: { files: { delivered: 0, pending: 4 } } } });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual([]);
    expect(await world.run([world.streamOf()])).toMatchObject({ status: 'complete', attempts: 2 });
  });

  it('counts as read what the loader says it has reached; without a word of it, its whole interval', async () => {
    const latest = createLoadWorld();
    latest.add(4);
    const checkpoint = async (world: typeof latest, answer: (loaded: Loaded) => unknown) => {
      await world.run([world.streamOf({ stream: { survey: async () => ({ last: '100' }) }, answer })]);
      return readCheckpoint(world.state, 'bronze', 'postgres.orders');
    };
    const item = async (world: typeof latest) => (await world.state.get('checkpoint/bronze/postgres.orders'))?.value;
    await checkpoint(latest, (loaded) => loaded);
    expect(await item(latest)).toMatchObject({ cursor: '4', intervals: [{ from: ['4'], to: ['100'] }] });
    const whole = createLoadWorld();
    whole.add(4);
    await checkpoint(whole, (loaded) => ({ ...loaded, reached: undefined }));
    expect(await item(whole)).toMatchObject({ cursor: '100' });
    const none = createLoadWorld();
    await checkpoint(none, (loaded) => loaded);
    expect(await item(none)).toMatchObject({ cursor: null, intervals: [{ from: null, to: ['100'] }] });
  });

  it('leaves the checkpoint where it is when the end of the interval is not known and the loader does not say what it has reached', async () => {
    const world = createLoadWorld();
    world.add(4);
    const plan = () => [{ ordinal: 0, name: 'orders', bounds: {}, interval: { from: null, to: null } }];
    const open = { stream: { plan } };
    await world.run([world.streamOf({ ...open, answer: (loaded) => ({ ...loaded, reached: undefined }) })]);
    expect((await world.state.get('checkpoint/bronze/postgres.orders'))?.value).toMatchObject({ cursor: null });
    await world.run([world.streamOf(open)], { at: '2024-11-08T03:00:00Z' });
    expect((await world.state.get('checkpoint/bronze/postgres.orders'))?.value).toMatchObject({ cursor: '4' });
  });
});

describe('a loader whose answer does not add up', () => {
  it.each<[string, Partial<Record<keyof Loaded, unknown>>, string]>([
    ['fewer rows than were read', { read: 9 }, 'of 9 rows 9 are delivered (0 deduplicated, 0 rejected), and its objects hold 4'],
    ['more left out than there are', { deduplicated: 3, rejected: 2 }, 'of 4 rows 3 are deduplicated and 2 rejected'],
    ['no number', { rejected: Number.NaN }, 'rejected: NaN'],
    ['less than nothing', { deduplicated: -1 }, 'deduplicated: -1'],
    ['half a row', { read: 4.5 }, 'read: 4.5'],
    ['objects that hold something else', { objects: [] }, 'of 4 rows 4 are delivered (0 deduplicated, 0 rejected), and its objects hold 0'],
    ['a place that is none', { reached: ['yesterday'] }, 'it has reached ["yesterday"], and what is read by number has no such cursor'],
  ])('is refused: %s', async (_, wrong, says) => {
    const world = createLoadWorld();
    world.add(4);
    const report = await world.run([world.streamOf({ answer: (loaded) => ({ ...loaded, ...wrong }) })]);
    expect(report).toMatchObject({ status: 'failed', problems: [`postgres.orders: files answered what can't be: ${says}`] });
    expect(only(report)).toMatchObject({ checkpoint: null, slices: { finished: 0 } });
    // Mended, it answers from what is committed.
    expect(await world.run([world.streamOf()])).toMatchObject({ status: 'complete', problems: [] });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual([1, 2, 3, 4]);
  });
});

describe('a job', () => {
  const world = createLoadWorld();
  const listed = { transform: toArtist, sinks: [createMemorySink()], schemaVersion: '1' };

  it('is refused when a stream has a loader and sinks', async () => {
    const both = { ...world.streamOf(), sinks: [createMemorySink({ name: 's3_raw' })] } as never;
    await expect(world.run([both])).rejects.toThrow('postgres.orders has the loader files and sinks besides (s3_raw)');
  });

  it('is refused when a stream is to read the pages of one that has a loader, or the other way round', async () => {
    const after = { ...listed, stream: createListStream({ slices: [], readsAfter: ['postgres.orders'] }) };
    await expect(world.run([world.streamOf(), after])).rejects.toThrow(
      "spotify.artists can't read what postgres.orders lands: a loader lands nothing",
    );
    const loaded = world.streamOf({ stream: { readsAfter: ['spotify.artists'] } });
    await expect(world.run([loaded, { ...listed, stream: createListStream({ slices: [] }) }])).rejects.toThrow(
      "postgres.orders can't read what spotify.artists lands: a loader is given no pages",
    );
  });
});

describe('an attempt that would load otherwise than the run has begun', () => {
  const failed = async () => {
    const world = createLoadWorld();
    world.add(4);
    expect(await world.run([world.streamOf({ layout: 'zstd', at: () => Promise.reject(new RetryableError('no')) })])).toMatchObject({
      status: 'failed',
    });
    return world;
  };

  it('is refused before anything is read: another layout', async () => {
    const world = await failed();
    await expect(world.run([world.streamOf({ layout: 'snappy' })])).rejects.toThrow('files would write snappy, and this run has begun with zstd');
  });

  it('is refused before anything is read: sinks in place of the loader, or another loader', async () => {
    const world = await failed();
    const sinks = {
      stream: createListStream({ id: 'postgres.orders', slices: [] }),
      transform: toArtist,
      sinks: [createMemorySink()],
      schemaVersion: '1',
    };
    await expect(world.run([sinks])).rejects.toThrow(
      'postgres.orders would be brought record by record, and this run has begun to bring it by files',
    );
    await expect(world.run([world.streamOf({ name: 'others' })])).rejects.toThrow('would be brought by others');
  });
});

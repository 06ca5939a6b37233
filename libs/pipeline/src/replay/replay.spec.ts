import { readCheckpoint } from '../index.js';
import { artists, toArtist } from '../runs/list-stream.fixture.js';
import { AT } from '../runs/run.fixture.js';
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

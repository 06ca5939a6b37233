import type { RunReport } from '../../index.js';
import { artists } from '../../runs/list-stream.fixture.js';
import { ALL, createLettersWorld } from './letters.fixture.js';

describe('dead letters of transforms are retried', () => {
  it('with the transform of today, to all sinks: a further object of their slice, and once on the stream', async () => {
    const { retry, list, inLake, entries, verified } = await createLettersWorld();
    const report = await retry();
    expect(report).toMatchObject({ letters: 4, delivered: 3, found: 0, remaining: 1 });
    expect(report.reasons).toEqual([{ reason: 'still rejected: name: is missing', letters: 1, example: (await list())[0]?.id }]);
    expect(report.objects).toEqual(['_00002', '_00101'].map((suffix) => `memory://objects/raw/spotify/artists_20241108_020000${suffix}.json`));
    expect((await list()).map(({ letter }) => letter.record)).toEqual([{}]);
    expect(inLake()).toEqual(ALL);
    expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
    expect(await verified()).toMatchObject({ differences: 0, streams: [{ objects: 5, records: 10, notes: [] }] });
  });

  it('once: a second retry sends nothing', async () => {
    const { retry, entries, lake } = await createLettersWorld();
    await retry();
    const [sent, stored] = [entries.length, lake.objects.size];
    expect(await retry()).toMatchObject({ letters: 1, delivered: 0 });
    expect([entries.length, lake.objects.size]).toEqual([sent, stored]);
  });

  it('one by one, when one is selected', async () => {
    const { retry, list, inLake } = await createLettersWorld();
    const [first, second] = await list();
    expect(await retry({ ids: [first?.id ?? ''] })).toMatchObject({ letters: 1, delivered: 1 });
    expect(await retry({ ids: [second?.id ?? ''] })).toMatchObject({ letters: 1, delivered: 1, objects: [expect.stringContaining('_00003.json')] });
    expect(inLake()).toEqual(ALL.filter((id) => id !== 'spotify_x2'));
  });

  it('not when the run has delivered a good copy of the record', async () => {
    const { retry, inLake, entries } = await createLettersWorld({ slices: [[[{ id: 'a1' }, ...artists(0, 2)]]] });
    expect(await retry()).toMatchObject({ letters: 1, delivered: 1, found: 1, remaining: 0, objects: [] });
    expect(inLake()).toEqual(['spotify_a0', 'spotify_a1']);
    expect(entries).toHaveLength(2);
  });

  it('once, when several letters are of one record, also in several slices', async () => {
    const { retry, list, inLake, entries } = await createLettersWorld({ slices: [[[{ id: 'x' }, { id: 'x' }]], [[{ id: 'x' }]]] });
    expect(await retry()).toMatchObject({ letters: 3, delivered: 3, found: 2 });
    expect([inLake(), entries.map(({ key }) => key), await list()]).toEqual([['spotify_x'], ['spotify_x'], []]);
  });

  it('in several objects when they are more than one holds, and not beyond the names that a slice has', async () => {
    const many = Array.from({ length: 305 }, (_, n) => ({ id: `x${n}` }));
    const { retry, list, inLake } = await createLettersWorld({ slices: [[many]] });
    // One object holds three records; the first name is taken by the run's own, which has none.
    const report = await retry();
    expect(report).toMatchObject({ letters: 305, delivered: 297, remaining: 8 });
    expect(report.reasons).toMatchObject([{ reason: 'slice 0 of its run has no free object name left (100 parts)', letters: 8 }]);
    expect([inLake().length, (await list()).length]).toEqual([297, 8]);
  });

  it('not while their run is not complete, or a replay of it is under way', async () => {
    const { retry, state, report, list } = await createLettersWorld();
    await state.put(`replayed/${report.run_id}/spotify.artists`, { status: 'running' }, null);
    expect((await retry()).reasons).toMatchObject([{ reason: expect.stringContaining('a replay of its run has begun'), letters: 4 }]);
    const run = await state.get(`run/${report.run_id}`);
    await state.put(`run/${report.run_id}`, { ...run?.value, status: 'failed' }, run?.revision ?? null);
    expect((await retry()).reasons).toMatchObject([
      { reason: expect.stringMatching(/not complete \(failed\): .* loadin run daily --at 2024-11-08T02:00:00Z/), letters: 4 },
    ]);
    expect(await list()).toHaveLength(4);
  });

  it('and a replay afterwards has each record once', async () => {
    const world = await createLettersWorld();
    await world.retry();
    const replay = await world.replay();
    expect(replay).toMatchObject({ status: 'complete', runs: [{ streams: [{ replay: { records: { unchanged: 10, changed: 0 } } }] }] });
    expect(world.inLake()).toEqual(ALL);
    expect(await world.verified()).toMatchObject({ differences: 0 });
    expect(await world.retry()).toMatchObject({ delivered: 0 });
  });

  it('and what a replay has delivered meanwhile is settled', async () => {
    const world = await createLettersWorld();
    const replay = await world.replay();
    expect(replay.status).toBe('complete');
    // What the replay could not read either has a second letter.
    expect(await world.retry()).toMatchObject({ letters: 5, delivered: 3, found: 3, remaining: 2, objects: [] });
    expect(world.inLake()).toEqual(ALL);
  });

  it('leave the report of their run as it is', async () => {
    const { retry, lake, report } = await createLettersWorld();
    await retry();
    expect((JSON.parse(lake.text(`_loadin/reports/daily/${report.run_id}.json`)) as RunReport).streams[0]?.ledger.rejected).toBe(4);
  });
});

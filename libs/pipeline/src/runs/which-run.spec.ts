import { RetryableError } from '@loadin/resilience';
import { readCheckpoint } from '../checkpoint.js';
import { artists, createListStream } from './list-stream.fixture.js';
import { AT, createWorld } from './run.fixture.js';

describe('which run it is', () => {
  const one = () => createListStream({ slices: [[artists(0, 1)]] });

  it('answers a completed run with its stored report and does nothing', async () => {
    const world = createWorld();
    const first = await world.run(one());
    const stream = one();
    const again = await world.run(stream);
    expect(again).toEqual({ ...first, already_complete: true });
    expect(stream.asked).toEqual([]);
  });

  it('makes a new run of a completed one when asked to, and goes on with that when it fails', async () => {
    const world = createWorld();
    const first = await world.run(one());
    const failing = createListStream({
      slices: [[artists(0, 1)]],
      onPage: () => {
        throw new RetryableError('502');
      },
    });
    const second = await world.run(failing, { again: true });
    const third = await world.run(one(), { again: true });
    expect(second.run_id).not.toBe(first.run_id);
    expect(third).toMatchObject({ run_id: second.run_id, attempts: 2, status: 'complete' });
  });

  it('continues an unfinished manual run within a day, and begins a new one after it', async () => {
    const world = createWorld();
    const failing = createListStream({
      slices: [[artists(0, 1)]],
      onPage: () => {
        throw new RetryableError('502');
      },
    });
    const first = await world.run(failing, { at: undefined });
    const continued = await world.run(failing, { at: undefined });
    expect(continued).toMatchObject({ run_id: first.run_id, attempts: 2 });
    await world.clock.advance(25 * 60 * 60 * 1000);
    expect((await world.run(one(), { at: undefined })).run_id).not.toBe(first.run_id);
  });

  it('begins a new manual run when the last one is complete, even within the same second', async () => {
    const world = createWorld();
    const first = await world.run(one(), { at: undefined });
    const second = await world.run(one(), { at: undefined });
    expect(second.run_id).not.toBe(first.run_id);
    expect(second.already_complete).toBe(false);
  });

  it('leaves a checkpoint alone that a later run has moved further', async () => {
    const world = createWorld();
    await world.run(one());
    await world.run(one(), { at: '2024-11-07T02:00:00Z' });
    expect(await readCheckpoint(world.state, 'daily', 'spotify.artists')).toMatchObject({ last_sync_timestamp: AT });
  });
});

describe('a scheduled time', () => {
  it('can not lie in the future, where a checkpoint would stay; some minutes of a fast clock are forgiven', async () => {
    const world = createWorld();
    const stream = () => createListStream({ slices: [[artists(0, 1)]] });
    await expect(world.run(stream(), { at: '2099-01-01T00:00:00Z' })).rejects.toThrow('The scheduled time 2099-01-01T00:00:00Z lies in the future');
    expect([...world.lake.objects.keys()]).toEqual([]);
    expect(await world.run(stream(), { at: '2024-11-08T02:04:00Z' })).toMatchObject({ status: 'complete' });
  });

  it('is one run, however it is written', async () => {
    const world = createWorld();
    const stream = () => createListStream({ slices: [[artists(0, 1)]] });
    const first = await world.run(stream());
    expect(await world.run(stream(), { at: '2024-11-08T03:00:00.000+01:00' })).toMatchObject({ run_id: first.run_id, already_complete: true });
  });
});

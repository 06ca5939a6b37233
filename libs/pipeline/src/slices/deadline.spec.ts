import { RetryableError } from '@loadin/resilience';
import type { Page, Stream } from '../index.js';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld, firstStream } from '../runs/run.fixture.js';

const SECOND = 1_000;

describe('a deadline', () => {
  /** Slices of one page; reading a page takes `seconds[slice]`. */
  function timedWorld(seconds: readonly number[], needMs?: number) {
    const world = createWorld();
    const list = createListStream({ slices: seconds.map((_, slice) => [artists(slice, 1)]) });
    const stream: Stream = {
      ...list,
      plan: (context) => list.plan(context).map((slice) => ({ ...slice, ...(needMs !== undefined && { needMs }) })),
      async *read(slice, options): AsyncGenerator<Page> {
        await world.clock.sleep((seconds[slice.ordinal] ?? 0) * SECOND);
        yield* list.read(slice, options);
      },
    };
    const run = (left: number) => {
      const end = world.clock.now() + left * SECOND;
      return world.run(stream, { concurrency: 1, deadline: () => end - world.clock.now() });
    };
    return { ...world, list, run };
  }

  it('lets no slice begin that may need more time than is left, judged by the slowest of its stream so far', async () => {
    const world = timedWorld([2, 10, 2, 2]);
    const report = await world.run(26);
    // After 12 s the next may need 15, and 14 are left.
    expect(world.list.asked).toEqual(['0/0', '1/0']);
    expect(report).toMatchObject({ status: 'stopped', reason: 'deadline', streams: [{ slices: { planned: 4, finished: 2 } }] });
    expect(report.problems).toEqual(['spotify.artists: slice 2 was not begun: it may take 15.0 s, and 14.0 s are left']);
  });

  it('goes by what a slice says that it needs, when that is more', async () => {
    const world = timedWorld([1, 1, 1], 20 * SECOND);
    expect(await world.run(21)).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(world.list.asked).toEqual(['0/0', '1/0']);
  });

  it('that is too near for any slice lets one begin all the same: attempt by attempt the run comes to its end', async () => {
    const world = timedWorld([5, 5, 5]);
    const statuses = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) statuses.push((await world.run(1)).status);
    expect(statuses).toEqual(['stopped', 'stopped', 'complete']);
    expect(world.ids(0).sort()).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2']);
    expect(world.list.asked).toEqual(['0/0', '1/0', '2/0']);
  });

  it('hides no failure of another stream', async () => {
    const world = timedWorld([5, 5]);
    const failing = createListStream({
      id: 'ticketmaster.events',
      slices: [[artists(0, 1)]],
      onPage: () => {
        throw new RetryableError('502');
      },
    });
    const end = world.clock.now() + SECOND;
    const slow = createListStream({ slices: [[artists(0, 1)], [artists(1, 1)]] });
    const report = await createWorldRun(world, [failing, slow], end);
    expect(report.status).toBe('failed');
    expect(firstStream(report)).toMatchObject({ status: 'failed', error: { message: '502' } });
  });

  const createWorldRun = (world: ReturnType<typeof timedWorld>, streams: Stream[], end: number) =>
    createWorld().run(streams, { clock: world.clock, concurrency: 1, deadline: () => end - world.clock.now() - 2 * SECOND });
});

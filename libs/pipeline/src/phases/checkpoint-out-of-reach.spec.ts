import { RetryableError, StopError } from '@loadin/resilience';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld, firstStream } from '../runs/run.fixture.js';

describe('a checkpoint that can not be moved', () => {
  it.each(['quota', 'cancelled'] as const)('is said although its stream was stopped (%s): it will not go on by itself', async (reason) => {
    const denied = (operation: string, target: string) =>
      operation === 'get' && target.startsWith('checkpoint/') ? { when: 'before' as const, error: new RetryableError('access denied') } : undefined;
    const world = createWorld({ state: { fail: denied } });
    const onPage = (slice: number): void => {
      if (slice === 1) throw new StopError('that is enough for today', { reason });
    };
    const report = await world.run(createListStream({ slices: [[artists(0, 1)], [artists(1, 1)]], onPage }));
    expect(report).toMatchObject({ status: 'failed', problems: ['spotify.artists: access denied'] });
    expect(firstStream(report)).toMatchObject({ status: 'failed', slices: { planned: 2, finished: 1 }, checkpoint: null });
  });
});

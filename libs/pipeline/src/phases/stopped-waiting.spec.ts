import { silentLogger } from '@loadin/observability';
import { StopError } from '@loadin/resilience';
import { createRecordingLogger } from '@loadin/testing';
import type { Clock } from '@loadin/resilience';
import type { Stream } from '../index.js';
import { hold } from '../leases/hold.js';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld } from '../runs/run.fixture.js';

const list = (): Stream => createListStream({ slices: [[artists(0, 3)]] });

/** Somebody else is at work on another run of the job, and this process is told to stop as soon as it waits for that. */
async function createCrowd(reason?: StopError) {
  const world = createWorld();
  const stop = new AbortController();
  const clock: Clock = {
    ...world.clock,
    sleep(ms, signal, options) {
      if (options?.background !== true) stop.abort(reason);
      return world.clock.sleep(ms, signal, options);
    },
  };
  const others = () => hold({ state: world.state, owner: 'somebody else', clock: world.clock }, 'lease/job/daily');
  return { world, others, run: (stream: Stream, logger = silentLogger) => world.run(stream, { clock, logger, signal: stop.signal }) };
}

describe.each([
  ['without a reason', undefined, 'cancelled'],
  ['because time is over', new StopError('time is nearly over', { reason: 'deadline' }), 'deadline'],
] as const)('a run that is told to stop %s while it waits for its job', (_, reason, said) => {
  it('to be planned, has said whom it waits for and stopped, and nothing was read', async () => {
    const { world, others, run } = await createCrowd(reason);
    await others();
    const logger = createRecordingLogger();
    await expect(run(list(), logger)).rejects.toMatchObject({ name: 'StopError', reason: said });
    expect(logger.lines.map(({ message }) => message)).toEqual(['Waiting for somebody else, which plans or finishes a run of daily']);
    expect([...world.lake.objects.keys()]).toEqual([]);
  });

  it('to be finished, has stopped resumably: all is delivered, and the next call finishes it', async () => {
    const { world, others, run } = await createCrowd(reason);
    let theirs: Awaited<ReturnType<typeof others>> | undefined;
    const whileRead: Stream = {
      ...list(),
      async *read(slice, options) {
        theirs = await others();
        yield* list().read(slice, options);
      },
    };
    expect(await run(whileRead)).toMatchObject({ status: 'stopped', reason: said, streams: [{ status: 'complete', checkpoint: null }] });
    await theirs?.release();
    expect(await world.run(list())).toMatchObject({ status: 'complete', problems: [] });
    expect(world.ids(1)).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2']);
  });
});

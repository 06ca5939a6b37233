import { StopError, type ReplayReport } from '../index.js';
import { artists } from '../runs/list-stream.fixture.js';
import { createReplayWorld, withMark } from './replay.fixture.js';

const TWO_SLICES = [[artists(0, 3), artists(3, 4)], [artists(7, 2)]];

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

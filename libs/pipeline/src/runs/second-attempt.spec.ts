import { RetryableError, StopError } from '@loadin/resilience';
import type { Page, Stream } from '../index.js';
import { artists, createListStream } from './list-stream.fixture.js';
import { createWorld, firstStream } from './run.fixture.js';

describe('a second attempt', () => {
  const failingOnce = (page: number) => {
    let failures = 1;
    return (_: number, current: number): void => {
      if (current === page && failures-- > 0) throw new RetryableError('the source answers 502 again and again');
    };
  };

  it('keeps the checkpoint when the last page fails, and names the error in the report', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices: [[artists(0, 3), artists(3, 3)]], onPage: failingOnce(1) }));
    expect(report).toMatchObject({ status: 'failed', problems: ['spotify.artists: the source answers 502 again and again'] });
    expect(firstStream(report)).toMatchObject({ checkpoint: null, error: { name: 'RetryableError' }, slices: { planned: 1, finished: 0 } });
  });

  it('is the same run: reads what was landed from the lake, the rest from the source, and delivers nothing twice', async () => {
    const world = createWorld({ sinks: [{ name: 'kinesis', limits: { maxRecords: 2, maxBytes: 1_000_000 } }] });
    const stream = createListStream({ slices: [[artists(0, 3), artists(3, 3)]], onPage: failingOnce(1) });
    const first = await world.run(stream);
    const second = await world.run(stream);
    expect(second).toMatchObject({ run_id: first.run_id, status: 'complete', attempts: 2 });
    expect(stream.asked).toEqual(['0/0', '0/1']);
    expect(firstStream(second)).toMatchObject({
      groups_from_landing: 1,
      ledger: { read: 6, accepted: 6, sinks: { kinesis: { delivered: 6, pending: 0 } } },
    });
    const sent = world.sinks[0]?.calls.map((batch) => batch.part);
    expect(sent).toEqual([0, 1, 2]);
  });

  it('asks for no page again when the first one was stopped, also of a source that just ends then', async () => {
    const world = createWorld();
    const stop = new AbortController();
    const list = createListStream({ slices: [[artists(0, 3), artists(3, 3), artists(6, 3)]] });
    const ending: Stream = {
      ...list,
      async *read(slice, options): AsyncGenerator<Page> {
        for await (const page of list.read(slice, options)) {
          yield page;
          if (list.asked.length === 2) stop.abort(new StopError('that is enough', { reason: 'cancelled' }));
          if (options.signal.aborted) return;
        }
      },
    };
    expect(await world.run(ending, { signal: stop.signal })).toMatchObject({ status: 'stopped', reason: 'cancelled' });
    expect(await world.run(ending)).toMatchObject({ status: 'complete', problems: [] });
    expect(list.asked).toEqual(['0/0', '0/1', '0/2']);
  });

  it('writes the same bytes although the source has changed meanwhile', async () => {
    const one = createWorld({
      sinks: [{ name: 's3_raw', fail: (_, call) => (call === 1 ? { when: 'after', error: new RetryableError('the answer was lost') } : undefined) }],
    });
    await one.run(createListStream({ slices: [[artists(0, 3)]] }));
    const report = await one.run(createListStream({ slices: [[artists(10, 3)]] }));
    expect(report.status).toBe('complete');
    expect(one.ids(0)).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2']);
    expect(one.sinks[0]?.calls).toHaveLength(2);
  });

  it('does not start a sink again that has finished, when another one has not', async () => {
    const world = createWorld({
      sinks: [
        { name: 's3_raw' },
        { name: 'kinesis', fail: (_, call) => (call === 1 ? { when: 'before', error: new RetryableError('throttled') } : undefined) },
      ],
    });
    const stream = createListStream({ slices: [[artists(0, 3)]] });
    expect(firstStream(await world.run(stream)).ledger.sinks['kinesis']).toEqual({ delivered: 0, dead_lettered: 0, pending: 3 });
    expect(firstStream(await world.run(stream)).ledger.sinks['kinesis']).toEqual({ delivered: 3, dead_lettered: 0, pending: 0 });
    expect(new Set(world.ids(0)).size).toBe(world.ids(0).length);
  });

  it('uses the pages of whoever landed them first', async () => {
    const world = createWorld();
    const stream = createListStream({ slices: [[artists(0, 2), artists(2, 2)]] });
    // A copy of this run lands its own pages while ours reads.
    const other = createListStream({ slices: [[artists(100, 2), artists(102, 2)]], onPage: () => undefined });
    const racing = createListStream({ slices: [[artists(0, 2), artists(2, 2)]], onPage: (_, page) => (page === 1 ? copyLanding() : undefined) });
    let copied = false;
    const copyLanding = (): void => {
      copied = true;
    };
    const lakeWithCopy = {
      ...world.lake,
      putIfAbsent: async (key: string, body: Uint8Array) =>
        key.startsWith('landing/') && copied ? landCopy(key) : world.lake.putIfAbsent(key, body),
    };
    const landCopy = async (key: string): Promise<{ created: boolean }> => {
      copied = false;
      const copy = createWorld();
      await copy.run(other);
      const [, object] = [...copy.lake.objects].find(([name]) => name.startsWith('landing/')) ?? [];
      if (object) await world.lake.putIfAbsent(key, object.body);
      return { created: false };
    };
    const report = await world.run(racing, { lake: lakeWithCopy });
    expect(report.status).toBe('complete');
    expect(world.ids(0)).toEqual(['spotify_a100', 'spotify_a101', 'spotify_a102', 'spotify_a103']);
    expect(stream.asked).toEqual([]);
  });
});

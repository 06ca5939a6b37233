import { RetryableError } from '@loadin/resilience';
import { createMemorySink } from '@loadin/testing';
import type { JobStream, Page, Sink, Stream } from '../index.js';
import { artists, createListStream, toArtist } from './list-stream.fixture.js';
import { createWorld, firstStream } from './run.fixture.js';

const MINUTE = 60_000;

describe('streams side by side', () => {
  /** Ten fast streams of eight slices; a slice takes a second. One slow: a slice takes ten minutes. */
  const createMix = () => {
    const world = createWorld();
    const began: string[] = [];
    const lasting = (id: string, ms: number): Stream => {
      const list = createListStream({ id, slices: Array.from({ length: 8 }, (_, slice) => [artists(slice, 1)]) });
      return {
        ...list,
        async *read(slice, options): AsyncGenerator<Page> {
          began.push(id);
          await world.clock.sleep(ms);
          yield* list.read(slice, options);
        },
      };
    };
    const fast = Array.from({ length: 10 }, (_, number) => lasting(`fast.number${number}`, 1_000));
    const failing = createListStream({
      id: 'broken.things',
      slices: Array.from({ length: 8 }, () => [artists(0, 1)]),
      onPage: () => {
        throw new RetryableError('502');
      },
    });
    return { world, began, fast, slow: lasting('slow.things', 10 * MINUTE), failing };
  };

  it('a slow one and a failing one neither stop ten fast ones nor make them wait', async () => {
    const { world, fast, slow, failing } = createMix();
    const began = world.clock.now();
    const ended = new Map<string, number>();
    const report = await world.run([slow, failing, ...fast], {
      observe: (event) => event.type === 'stream-ended' && ended.set(event.stream, world.clock.now() - began),
    });
    expect(report.status).toBe('failed');
    expect(report.streams.filter(({ status }) => status === 'complete')).toHaveLength(11);
    expect(report.streams.find(({ stream }) => stream === 'broken.things')).toMatchObject({ status: 'failed', slices: { finished: 0 } });
    // 80 slices of a second on the 12 places that the slow one leaves.
    expect(Math.max(...fast.map(({ id }) => ended.get(id) ?? Infinity))).toBeLessThanOrEqual(8_000);
    expect(ended.get('slow.things')).toBe(20 * MINUTE);
  });

  it('get the places in turn: none of them has to wait until another is done', async () => {
    const { world, fast, began } = createMix();
    await world.run(fast, { concurrency: 4, maxSlices: 4 });
    // Whoever came first found all places free.
    expect(new Set(began.slice(0, 4)).size).toBe(1);
    expect(new Set(began.slice(4, 13)).size).toBe(9);
    expect(new Set(began.slice(13, 23)).size).toBe(10);
  });
});

describe('a slice', () => {
  it('is read no further ahead of a slow sink than one group of pages', async () => {
    const world = createWorld();
    // A page is a group of its own: it has more than a megabyte.
    const page = (number: number) => [{ id: `p${number}`, name: 'x'.repeat(1_100_000) }];
    const list = createListStream({ slices: [[page(0), page(1), page(2), page(3), page(4), page(5)]] });
    const memory = createMemorySink({ name: 'slow', limits: { maxRecords: 1, maxBytes: 10_000_000 } });
    const readWhenWritten: number[] = [];
    const slow: Sink = {
      ...memory,
      async write(batch, options) {
        for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        readWhenWritten.push(list.asked.length);
        return memory.write(batch, options);
      },
    };
    const stream: JobStream = { stream: list, transform: toArtist, sinks: [slow], schemaVersion: '1' };
    expect((await world.run([stream])).status).toBe('complete');
    // Batches hold a record until the next one fills them, so the n-th is written while group n + 1 is delivered.
    expect(readWhenWritten).toEqual([3, 4, 5, 6, 6, 6]);
  });

  it('gives its records to all sinks side by side, to each in order', async () => {
    const world = createWorld();
    let inFlight = 0;
    let most = 0;
    const [one, two] = ['s3_raw', 'kinesis'].map((name) => {
      const memory = createMemorySink({ name, limits: { maxRecords: 2, maxBytes: 1e6 } });
      const write: Sink['write'] = async (batch, options) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return memory.write(batch, options);
      };
      return { sink: { ...memory, write }, memory };
    });
    const list = createListStream({ slices: [[artists(0, 7)]] });
    const sinks = [one, two].flatMap((each) => each?.sink ?? []);
    const report = await world.run([{ stream: list, transform: toArtist, sinks, schemaVersion: '1' }]);
    expect(firstStream(report).ledger.sinks).toMatchObject({ s3_raw: { delivered: 7 }, kinesis: { delivered: 7 } });
    expect(most).toBe(2);
    for (const { memory } of [one, two].flatMap((each) => each ?? [])) {
      expect(memory.calls.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(artists(0, 7).map((_, n) => `spotify_a${n}`));
    }
  });
});

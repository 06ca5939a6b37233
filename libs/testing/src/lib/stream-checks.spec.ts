import { FatalError, RetryableError, type Json, type Page, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import { createHostileStream } from './hostile/hostile-stream.js';
import { streamChecks } from './stream-checks.js';
import type { MakeStream, StreamChecksOptions, StreamUnderTest } from './stream/stream-under-test.js';

const canary = 'canary-key';

/** A source of numbered records in pages of two, which counts what it is asked, can fail and can hang. */
function createKitSource() {
  let asked = 0;
  let failAt = Infinity;
  let hanging = false;
  return {
    requests: () => asked,
    failFrom: (n: number) => void (failAt = asked + n),
    hang: () => void (hanging = true),
    async get(list: string, page: number, { signal, meter }: ReadOptions): Promise<Json[]> {
      signal.throwIfAborted();
      asked += 1;
      meter.add('requests', 1);
      if (hanging) await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (asked >= failAt) throw new RetryableError('the source is down', { where: list });
      return [0, 1].map((n) => ({ id: `${list}-${page * 2 + n}`, list }));
    },
  };
}
type KitSource = ReturnType<typeof createKitSource>;

const lists = ['a', 'b'];
const pagesOfAList = 3;

function createKitStream(source: KitSource): Stream {
  return {
    id: 'kit.numbers',
    source: 'kit',
    dataType: 'numbers',
    readMode: 'full',
    plan: () => lists.map((list, ordinal) => ({ ordinal, name: list, bounds: { list } })),
    key: (raw) => (raw !== null && typeof raw === 'object' && 'id' in raw && typeof raw.id === 'string' && raw.id !== '' ? raw.id : undefined),
    belongs: (raw, { bounds }) => raw === null || typeof raw !== 'object' || !('list' in raw) || raw.list === bounds['list'],
    read: (slice, options) => readList(source, slice, options),
  };
}

async function* readList(source: KitSource, { name }: Slice, options: ReadOptions): AsyncGenerator<Page> {
  for (let page = options.after === null ? 0 : Number(options.after); page < pagesOfAList; page += 1) {
    const records = await source.get(name, page, options);
    yield { records, position: page === pagesOfAList - 1 ? null : page + 1, request: `GET /${name}?page=${page}` };
  }
}

const good: MakeStream = () => {
  const source = createKitSource();
  return { ...source, stream: createKitStream(source) };
};

describe('streamChecks', () => {
  it.each(streamChecks(good, { canaries: [canary, /secret/] }))('a stream that keeps the promises: $name', ({ run }) => run());
  it.each([1, 2, 3].flatMap((seed) => streamChecks(() => ({ stream: createHostileStream({ seed, largestPage: 40 }) }))))(
    'the hostile stream: $name',
    ({ run }) => run(),
  );

  /** Names of the checks that fail, with what they say. */
  async function caught(
    change: (stream: Stream, source: KitSource) => Partial<Stream>,
    options: StreamChecksOptions = {},
    more: Partial<StreamUnderTest> = {},
  ) {
    const made: MakeStream = () => {
      const source = createKitSource();
      const stream = createKitStream(source);
      return { ...source, stream: { ...stream, ...change(stream, source) }, ...more };
    };
    const failed: Record<string, string> = {};
    for (const { name, run } of streamChecks(made, { promptMs: 50, ...options })) await run().catch((error: Error) => (failed[name] = error.message));
    return failed;
  }
  const wrap = (stream: Stream, page: (page: Page, index: number) => Page | undefined): Partial<Stream> => ({
    async *read(slice, options) {
      let index = -1;
      for await (const each of stream.read(slice, options)) {
        const changed = page(each, (index += 1));
        if (changed !== undefined) yield changed;
      }
    },
  });

  it('catches a plan that asks the clock, repeats an ordinal, or holds what JSON does not', async () => {
    let count = 0;
    const clock = await caught((stream) => ({
      plan: (context) => stream.plan(context).map((slice) => ({ ...slice, bounds: { ...slice.bounds, n: (count += 1) } })),
    }));
    expect(Object.keys(clock)[0]).toBe('plans from configuration and the scheduled time alone: the same again, elsewhere too, without a call');
    const twice = await caught((stream) => ({ plan: (context) => stream.plan(context).map((slice) => ({ ...slice, ordinal: 0 })) }));
    expect(twice['counts its slices from 0, names each, and keeps to a thousand']).toBe('ordinals: expected [0,1], found [0,0]');
    const dates = await caught((stream) => ({
      plan: (context) => stream.plan(context).map((slice) => ({ ...slice, bounds: { ...slice.bounds, text: 'x'.repeat(70_000) } })),
    }));
    expect(dates['has bounds that can be stored: small, and nothing but JSON']).toContain('65536 are allowed');
  });

  it('catches a stream without a last page, and one that goes on after it', async () => {
    const name = 'ends each slice with exactly one last page, whose position is null';
    expect((await caught((stream) => wrap(stream, (page) => ({ ...page, position: 9 }))))[name]).toContain('ended without a last page');
    expect((await caught((stream) => wrap(stream, (page) => ({ ...page, position: null }))))[name]).toContain('a page came after the last one');
    expect((await caught((stream) => wrap(stream, () => undefined)))[name]).toContain('ended without a page');
  });

  it('catches a position that loses a page, repeats one, is too large, or lives in memory', async () => {
    const name = 'goes on after any page, in another process, with the same records in the same order';
    const moved = (by: number) => (stream: Stream) =>
      wrap(stream, (page) => ({ ...page, position: page.position === null ? null : Number(page.position) + by }));
    expect((await caught(moved(1)))[name]).toContain('slice a, continued after page 0: record 0 of 4');
    expect((await caught(moved(-1)))[name]).toContain('slice a, continued after page 0: record 0 of 4');
    const large = await caught((stream) =>
      wrap(stream, (page) => ({ ...page, position: page.position === null ? null : [page.position, 'x'.repeat(9_000)] })),
    );
    expect(large['gives positions that are small JSON']).toContain('8192 are allowed');
    const living = await caught((stream) =>
      wrap(stream, (page) => ({ ...page, position: page.position === null ? null : (new Date(0) as unknown as Json) })),
    );
    expect(living[name]).toBeDefined();
  });

  it('catches a stream that leaves out a page which it can’t read, or ends as if it were the last', async () => {
    const name = 'says so when a page can’t be read: never one less, an error of Loadin, and it goes on there later';
    const silent = (last: boolean) => (stream: Stream) => ({
      async *read(slice: Slice, options: ReadOptions): AsyncGenerator<Page> {
        try {
          yield* stream.read(slice, options);
        } catch (error) {
          if (options.signal.aborted) throw error;
          yield { records: [], position: null, request: 'GET /' + (last ? 'last' : '') };
        }
      },
    });
    expect((await caught(silent(true)))[name]).toContain('expected an error, found the result');
    const foreign = await caught((stream) => ({
      async *read(slice, options) {
        try {
          yield* stream.read(slice, options);
        } catch (error) {
          throw options.signal.aborted ? error : new TypeError('fetch failed');
        }
      },
    }));
    expect(foreign).toEqual({ [name]: expect.stringContaining('expected an error of Loadin, found TypeError: fetch failed') });
  });

  it('catches a stream that reads ahead', async () => {
    const ahead = await caught((stream) => ({
      async *read(slice, options) {
        const pages = stream.read(slice, options)[Symbol.asyncIterator]();
        for (let next = pages.next(); ;) {
          const { value, done } = await next;
          if (done === true) return;
          next = pages.next();
          next.catch(() => undefined);
          yield value;
        }
      },
    }));
    expect(ahead['reads nothing before it is asked, and nothing ahead of what is asked for']).toContain('it reads ahead');
  });

  it('catches a stream that does not hear of a cancellation', async () => {
    const deaf = await caught((stream) => ({ read: (slice, options) => stream.read(slice, { ...options, signal: new AbortController().signal }) }));
    expect(Object.keys(deaf)).toEqual([
      'asks nothing and gives nothing when it is cancelled already',
      'ends at the next page when it is cancelled between two, and asks nothing more',
      'ends when it is cancelled while the source does not answer',
    ]);
  });

  it('catches two reads that share what they remember', async () => {
    const sharing = await caught((_stream, source) => {
      let page = 0;
      return {
        async *read(slice, options) {
          page = options.after === null ? 0 : Number(options.after);
          for (; page < pagesOfAList; page += 1) {
            const current = page;
            const records = await source.get(slice.name, current, options);
            yield { records, position: current === pagesOfAList - 1 ? null : current + 1, request: 'GET /' };
          }
        },
      };
    });
    expect(Object.keys(sharing)).toEqual(['lets two reads of a slice run side by side']);
  });

  it('catches keys that throw or are empty, and records that two slices deliver or none', async () => {
    const throwing = await caught(() => ({ key: (raw) => (raw as { readonly id: string }).id }));
    expect(throwing['knows the key of a record, or that it has none, whatever it is given']).toBeDefined();
    const both = await caught((stream) => ({
      ...wrap(stream, (page) => ({ ...page, records: [...page.records, { id: 'shared', list: 'c' }] })),
      belongs: () => true,
    }));
    expect(both['delivers a key in one slice only']).toBe('shared is delivered by slice a and by slice b');
    const lost = await caught((stream) => ({
      async *read(slice, options) {
        for await (const page of stream.read(slice, options)) {
          yield slice.name === 'a' ? { ...page, records: [...page.records, { id: 'lost', list: 'b' }] } : page;
        }
      },
    }));
    expect(lost['leaves a record to another slice only when that slice delivers it']).toBe('slice a leaves lost to slice b, which does not read it');
  });

  it.each<[string, (stream: Stream) => Partial<Stream>]>([
    ['a request', (stream) => wrap(stream, (page) => ({ ...page, request: `${page.request}&key=${canary}` }))],
    ['a plan', (stream) => ({ plan: (context) => stream.plan(context).map((slice) => ({ ...slice, bounds: { ...slice.bounds, key: canary } })) })],
    [
      'the cause of an error',
      (stream) => ({
        async *read(slice, options) {
          try {
            yield* stream.read(slice, options);
          } catch (error) {
            throw options.signal.aborted ? error : new FatalError('refused', { cause: new Error(`?key=${canary}`) });
          }
        },
      }),
    ],
  ])('catches a secret in %s', async (_where, change) => {
    const found = await caught(change, { canaries: [canary] });
    expect(found).toEqual({ 'lets no secret out: not in plans, pages, errors or logs': expect.stringContaining('canary 1 of 1 is in ') });
  });

  it('catches a stream that reads what it does not declare', async () => {
    const undeclared = await caught((stream) => ({
      async *read(slice, options) {
        for await (const page of options.landed('kit.others')) yield page;
        yield* stream.read(slice, options);
      },
    }));
    expect(undeclared).toEqual({
      'asks for landed pages of the streams in readsAfter and its own alone, and does without them':
        'it reads the landed pages of kit.others, which readsAfter does not name',
    });
  });
});

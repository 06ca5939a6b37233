import { RetryableError, type Page, type Stream } from '../index.js';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld } from '../runs/run.fixture.js';

describe('a stream that was interrupted', () => {
  it('finds in its own landing zone what it landed before, though no slice of it is there to its end', async () => {
    const world = createWorld();
    let failures = 1;
    const list = createListStream({
      slices: [[artists(0, 2), artists(2, 2)], [artists(4, 2)]],
      onPage(slice, page) {
        if (slice === 0 && page === 1 && failures-- > 0) throw new RetryableError('the source does not answer');
      },
    });
    const seen: string[] = [];
    const stream: Stream = {
      ...list,
      async *read(slice, options): AsyncGenerator<Page> {
        if (options.after !== null) for await (const { request } of options.landed(list.id)) seen.push(request);
        yield* list.read(slice, options);
      },
    };
    expect((await world.run(stream)).status).toBe('failed');
    expect(seen).toEqual([]);
    expect((await world.run(stream)).status).toBe('complete');
    expect(seen).toContain('GET /spotify.artists?page=0');
  });
});

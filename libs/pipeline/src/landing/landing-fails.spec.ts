import { FatalError, RetryableError } from '@loadin/resilience';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld } from '../runs/run.fixture.js';

describe('a source that fails while pages wait to be landed', () => {
  const failing = () =>
    createListStream({
      slices: [[artists(0, 2), artists(2, 2)]],
      onPage(_, page) {
        if (page === 1) throw new RetryableError('the source is down');
      },
    });

  it('is told together with what keeps the pages from being landed', async () => {
    const world = createWorld({
      lake: {
        fail: (_, target) =>
          target.startsWith('landing/') ? { when: 'before', error: new FatalError('no room for it', { where: 'landing' }) } : undefined,
      },
    });
    const { status, problems } = await world.run(failing());
    expect(status).toBe('failed');
    expect(problems.join('\n')).toContain('the source is down; and the pages that had been fetched could not be landed: no room for it');
  });

  it('is told alone where they are', async () => {
    const { problems } = await createWorld().run(failing());
    expect(problems.join('\n')).toMatch(/the source is down$/);
  });
});

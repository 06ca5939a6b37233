import { normalizerFor } from '@loadin/transforms';
import { eventPage } from './event-page.js';

describe.each(['large', 'compact'] as const)('a %s page', (kind) => {
  const { text } = eventPage(kind, 200);
  const { events } = (JSON.parse(text) as { _embedded: { events: unknown[] } })._embedded;

  it('has events that become records', () => {
    const normalize = normalizerFor('events');
    expect(events.map((event) => normalize(event)).filter(({ ok }) => !ok)).toEqual([]);
    expect(events).toHaveLength(200);
  });

  it('has the size of such pages', () => {
    const kB = text.length / 1_000;
    expect(kB > 1_000).toBe(kind === 'large');
    expect(kB).toBeGreaterThan(200);
  });
});

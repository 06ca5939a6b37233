import { createViews } from '../catalogue/catalogue.js';
import type { CatalogueEvent } from '../catalogue/types.js';
import { ofWindow } from './by-time.js';
import { eventFilters } from './filters.js';

describe('what a window can find', () => {
  const view = createViews({ seed: 3, baseDate: '2026-03-01' })(0);
  const found = (events: readonly CatalogueEvent[], query: URLSearchParams): readonly CatalogueEvent[] => {
    const filters = eventFilters(query, view);
    if (!Array.isArray(filters)) throw new Error('refused');
    return events.filter((event) => filters.every((keeps: (event: CatalogueEvent) => boolean) => keeps(event)));
  };
  const [first, last] = ['2026-04-10T19:30:00Z', '2026-05-01T00:00:00Z'];

  it.each([
    ['from a time on', { startDateTime: first }],
    ['up to a time', { endDateTime: last }],
    ['between two', { startDateTime: first, endDateTime: last }],
    ['in one second', { startDateTime: first, endDateTime: first }],
    ['in none', { startDateTime: last, endDateTime: first }],
    ['and what has no date', { startDateTime: first, endDateTime: last, includeTBA: 'yes' }],
    ['without a window', {}],
  ])('%s is what a look at all of them finds, in the same order', (_, asked) => {
    const query = new URLSearchParams(Object.entries(asked));
    expect(found(ofWindow(view.events, query), query)).toEqual(found(view.events, query));
  });

  it('is not more than that where only dated ones are asked for', () => {
    const query = new URLSearchParams({ startDateTime: first, endDateTime: last });
    expect(ofWindow(view.events, query)).toHaveLength(found(view.events, query).length);
  });
});

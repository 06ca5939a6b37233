import type { CatalogueEvent } from '../catalogue/types.js';

interface InOrder {
  readonly at: number;
  /** Where it is in the list. */
  readonly place: number;
}

/** The dated events of a list by their time: kept for as long as the list is. */
const known = new WeakMap<readonly CatalogueEvent[], readonly InOrder[]>();

/** The events that a search can find by its window, in the order of the list: without one, and where it asks for undated ones too, all. */
export function ofWindow(events: readonly CatalogueEvent[], query: URLSearchParams): readonly CatalogueEvent[] {
  const [start, end] = ['startDateTime', 'endDateTime'].map((name) => query.get(name) || undefined);
  const dated = ['includeTBA', 'includeTBD'].every((name) => (query.get(name) || 'no') === 'no');
  if ((start === undefined && end === undefined) || !dated) return events;
  const [from, to] = [start === undefined ? -Infinity : Date.parse(start), end === undefined ? Infinity : Date.parse(end)];
  // No date at all is refused by who looks at it.
  if (Number.isNaN(from) || Number.isNaN(to)) return events;
  const sorted = known.get(events) ?? byTime(events);
  known.set(events, sorted);
  const places = sorted.slice(firstAt(sorted, from), firstAt(sorted, to + 1)).map(({ place }) => place);
  return places.sort((a, b) => a - b).flatMap((place) => events[place] ?? []);
}

function byTime(events: readonly CatalogueEvent[]): readonly InOrder[] {
  return events.flatMap(({ at }, place) => (at === undefined ? [] : [{ at, place }])).sort((a, b) => a.at - b.at);
}

/** Of the first that is at `time` or later. */
function firstAt(sorted: readonly InOrder[], time: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.at ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

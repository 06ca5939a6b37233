/** How many events of a search are of each kind that has calls of its own. */
export interface EventCounts {
  readonly dated: number;
  /** To be announced, to be decided: each kind is found by an undated call alone. */
  readonly tba: number;
  readonly tbd: number;
}

const pageSize = 200;

/**
 * The least calls that read so many events of a search, for somebody who knows where they lie: full pages, and at least one call for each kind,
 * because nobody knows that there are none without asking.
 */
export function leastCalls({ dated, tba, tbd }: EventCounts): number {
  return [dated, tba, tbd].reduce((calls, events) => calls + Math.max(1, Math.ceil(events / pageSize)), 0);
}

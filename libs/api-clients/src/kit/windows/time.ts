import type { SearchQuery, TimeDeclaration, TimeWindow } from './types.js';

/** Windows of a declaration: parameters to epoch seconds and back. */
export interface Time {
  readonly startOf: TimeDeclaration['startOf'];
  readonly orders: TimeDeclaration['orders'];
  readonly undated: NonNullable<TimeDeclaration['undated']>;
  /** Both ends in seconds; `undefined` for a search without a window. */
  range(query: SearchQuery): readonly [from: number, to: number] | undefined;
  /** Where the window of a search begins, as the API writes it. */
  startText(query: SearchQuery): string | undefined;
  window(query: SearchQuery, window: TimeWindow): SearchQuery;
  /** The search with other ends, in seconds; an end that is left out stays. */
  between(query: SearchQuery, ends: { readonly from?: number; readonly to?: number }): SearchQuery;
  /** The first of two windows that follow one another, to the end of the second; `undefined` when they don't, or differ in more. */
  joined(query: SearchQuery, next: SearchQuery): SearchQuery | undefined;
}

/** Times as most APIs take them: UTC, whole seconds, no milliseconds (Ticketmaster refuses those: DIS1015). */
export const isoSeconds = {
  text: (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`,
  seconds: (text: string): number => Math.floor(Date.parse(text) / 1000),
};

export function createTime({ from, to, format = isoSeconds, startOf, orders, undated = [] }: TimeDeclaration): Time {
  const range: Time['range'] = ({ [from]: start, [to]: end }) =>
    start === undefined || end === undefined ? undefined : [format.seconds(start), format.seconds(end)];
  return {
    startOf,
    orders,
    undated,
    range,
    startText: ({ [from]: start }) => start,
    window: (query, window) => ({ ...query, [from]: window.from, [to]: window.to }),
    between: (query, ends) => ({
      ...query,
      ...(ends.from !== undefined && { [from]: format.text(ends.from) }),
      ...(ends.to !== undefined && { [to]: format.text(ends.to) }),
    }),
    joined(query, next) {
      const [first, second] = [range(query), range(next)];
      if (first === undefined || second === undefined || second[0] !== first[1] + 1) return undefined;
      const names = new Set([...Object.keys(query), ...Object.keys(next)]);
      for (const name of names) if (name !== from && name !== to && query[name] !== next[name]) return undefined;
      return { ...query, [to]: next[to] ?? '' };
    },
  };
}

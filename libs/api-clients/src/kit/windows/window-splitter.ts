import type { Json } from '@loadin/pipeline';
import { createCrowds } from './crowds.js';
import { cut, cutsOf } from './cuts.js';
import { describe, search, step, without, type Search, type Splitter, type Work } from './search-plan.js';
import { createTime, type Time } from './time.js';
import type { SearchQuery, TimeWindow, WindowDeclaration } from './types.js';

export interface WindowSplitterOptions {
  readonly declaration: WindowDeclaration;
  readonly bases: readonly SearchQuery[];
  readonly windows: readonly TimeWindow[];
}

/** What is remembered besides the stack; `null` stands for the first base and an order that held. */
interface State {
  /** The base that is being read. */
  readonly base: number;
  /** How often a window read from both ends was not complete. */
  readonly broken: number;
}

/** A window is cut so that its parts have about so much of what can be read of a search: below it, because items are not spread evenly. */
const wantedShare = { oneEnd: 0.85, bothEnds: 0.74 };
/** Of twice the cap: the ends overlap a little. */
const bothEndsShare = 0.95;
/** After so many windows that were not complete from both ends, none is read so. */
const mostBroken = 2;

/**
 * One base after the other: its windows, then its undated items. A window above the cap is cut into windows that don't touch ([a, m],
 * [m + 1 s, b]), small enough to be read from one end or from both; each first page tells how many items the rest of a cut window has, so that
 * rest is cut again or read without another look. A second that still has more, and undated items, by what the declaration says, then in
 * other orders.
 */
export function createWindowSplitter({ declaration, bases, windows }: WindowSplitterOptions): Splitter {
  const time = declaration.time === undefined ? undefined : createTime(declaration.time);
  const crowds = createCrowds(declaration);
  let state: State = { base: 0, broken: 0 };
  const base = (): SearchQuery => bases[state.base] ?? {};
  const parts = time === undefined ? undefined : createParts(time, declaration, () => state.broken < mostBroken);

  const nextPart = (index: number, windowIndex: number): Work[] => {
    const query = bases[index];
    if (query === undefined) return [];
    state = { ...state, base: index };
    const window = windows[windowIndex];
    if (time === undefined) return [step('part', { base: index + 1, window: 0 }), search(query)];
    if (window !== undefined) return [step('part', { base: index, window: windowIndex + 1 }), search(time.window(query, window))];
    const undated = time.undated.map((each) => search({ ...query, ...each.query }));
    return [step('part', { base: index + 1, window: 0 }), ...undated.reverse()];
  };
  /** Whether time can cut a search: it has more than one second, and is not a part of a crowd. */
  const isCuttable = (query: SearchQuery): boolean => {
    const range = time?.range(query);
    return range !== undefined && range[0] < range[1] && !crowds.isPart(query, base());
  };

  return {
    start: () => nextPart(0, 0),
    state: () => (state.base === 0 && state.broken === 0 ? null : { ...state }),
    resume(saved: Json, stack: readonly Work[]) {
      if (saved !== null) state = saved as unknown as State;
      crowds.resume(stack);
    },
    before: (wish) => (parts !== undefined && isCuttable(wish.query) ? parts.before(wish) : undefined),
    join: (wish, below) => parts?.join(wish, below),
    counted: () => undefined,
    tooMany(found, total, records) {
      const query = parts?.plain(found.query) ?? found.query;
      if (parts !== undefined && isCuttable(query)) return parts.tooMany(found, total, records);
      const works = crowds.split(query, base(), total);
      if (works !== undefined) return { works, keep: true };
      const rest: Work[] = declaration.cap > declaration.pageSize ? [{ ...found, query, ends: undefined, partial: true, page: 1, total }] : [];
      return { works: [...crowds.count(query, base(), total), ...rest], keep: true };
    },
    otherEnd: (done) => parts?.otherEnd(done) ?? done,
    again(done, total) {
      if (done.ends === undefined) return { ...done, page: 0, total: undefined, again: true };
      // The order did not hold, or items came and went.
      state = { ...state, broken: state.broken + 1 };
      const query = parts?.plain(done.query) ?? done.query;
      return total > declaration.cap ? search(query, { expected: total }) : search(query, { again: true });
    },
    saw: (id, record, query) => crowds.saw(id, record, query),
    accountsFor: (query) => crowds.accountsFor(query),
    settle({ step: name, data }) {
      if (name === 'each') return { works: crowds.each(data) };
      if (name === 'tally') return crowds.tally(data, (query) => titleOf(query, base(), time));
      return { works: nextPart(Number(data['base']), Number(data['window'])) };
    },
    async *pages() {
      // No step delivers pages: all items come from searches.
    },
  };
}

/** Cutting by time. */
function createParts(time: Time, { cap, pageSize }: WindowDeclaration, isReliable: () => boolean) {
  const { orders } = time;
  const isOrdered = (): boolean => orders !== undefined && cap > pageSize && isReliable();
  const reach = (): number => Math.floor(isOrdered() ? 2 * cap * bothEndsShare : cap);
  const wanted = (): number => Math.max(1, Math.floor(reach() * (isOrdered() ? wantedShare.bothEnds : wantedShare.oneEnd)));
  const from = (end: 'earliest' | 'latest', query: SearchQuery): SearchQuery =>
    orders === undefined ? query : { ...query, [orders.parameter]: orders[end] };
  const plain = (query: SearchQuery): SearchQuery => {
    if (orders === undefined || ![orders.earliest, orders.latest].includes(query[orders.parameter] ?? '')) return query;
    return without(query, orders.parameter);
  };
  return {
    /** In the usual order. */
    plain,
    /** Cuts what is known to be too much; what may be too much for one end begins with the earliest. */
    before(wish: Search): Work[] | undefined {
      if (wish.ends !== undefined) return undefined;
      const { expected, together, query } = wish;
      if (expected !== undefined && expected > reach()) return cut(time, wish, expected, wanted());
      const isLarge = expected === undefined ? together !== undefined : expected > cap;
      return isLarge && isOrdered() ? [{ ...wish, query: from('earliest', query), ends: 'earliest' }] : undefined;
    },
    /** Two windows that follow one another and that are known to have few enough items, as one: it saves a half-empty page. */
    join(wish: Search, below: Search): Search | undefined {
      if (wish.expected === undefined || below.expected === undefined || below.page > 0) return undefined;
      const expected = wish.expected + below.expected;
      const query = expected <= reach() ? time.joined(wish.query, below.query) : undefined;
      return query === undefined ? undefined : search(query, { expected });
    },
    tooMany(found: Search, total: number, records: readonly Json[]): { works: Work[]; keep: boolean } {
      if (found.ends === 'earliest' && total <= reach()) return { works: [{ ...found, page: 1, total }], keep: true };
      const query = plain(found.query);
      const range = time.range(query);
      // The earliest items are no sample of the others.
      const sample = found.ends === undefined ? records : [];
      const cuts = range === undefined ? [] : cutsOf(time, sample, range, partsOf(total));
      return { works: [search(query, { expected: Math.max(total, reach() + 1), cuts })], keep: false };
    },
    otherEnd: (done: Search): Search => search(from('latest', plain(done.query))),
  };

  function partsOf(total: number): number {
    return Math.max(2, Math.ceil(total / wanted()));
  }
}

const longestTitle = 80;

/** The search for people: `US at 2026-06-30T00:00:00Z`, `US, date to be announced`. */
function titleOf(query: SearchQuery, base: SearchQuery, time: Time | undefined): string {
  const values = Object.values(base);
  const title = values.length === 1 ? String(values[0]) : describe(base);
  const short = title.length > longestTitle ? `${title.slice(0, longestTitle)}…` : title;
  const undated = time?.undated.find((each) => Object.entries(each.query).every(([name, value]) => query[name] === value));
  if (undated !== undefined) return `${short}, ${undated.title}`;
  const from = time?.startText(query);
  return from === undefined ? short : `${short} at ${from}`;
}

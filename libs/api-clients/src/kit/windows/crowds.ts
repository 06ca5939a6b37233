import type { Json, JsonObject, Note } from '@loadin/pipeline';
import { search, step, type Work } from './search-plan.js';
import type { SearchQuery, WindowDeclaration } from './types.js';

/** Searches that time can't cut: a second with too many items, or items without a date. */
export interface Crowds {
  /** What to read besides the first items of such a search; `undefined` when nothing cuts it further. */
  split(query: SearchQuery, base: SearchQuery, total: number): Work[] | undefined;
  /** Of a search that nothing cuts: what counts how many of its items were out of reach; nothing for a part, whose whole is counted. */
  count(query: SearchQuery, base: SearchQuery, total: number): Work[];
  /** Whether a search is such a part already. */
  isPart(query: SearchQuery, base: SearchQuery): boolean;
  /** One value after the other of what a crowd is cut by, until all of it was found. */
  each(data: JsonObject): Work[];
  /** Compares what was found with what was announced; if less, cuts by what comes next. */
  tally(data: JsonObject, title: (query: SearchQuery) => string): { works: Work[]; notes?: Note[] };
  saw(id: string, record: Json, query: SearchQuery): void;
  accountsFor(query: SearchQuery): boolean;
  resume(stack: readonly Work[]): void;
}

type Tally = { readonly query: SearchQuery; readonly total: number; readonly by: string };
/** `done`: values that were read. Positions of earlier versions have those that are `left` in their place. */
type Each = {
  readonly query: SearchQuery;
  readonly by: string;
  readonly done?: readonly string[];
  readonly left?: readonly string[];
  readonly total: number;
};

export function createCrowds({ items, splitBy = [], orders, totalCap = Infinity }: WindowDeclaration): Crowds {
  const values = new Map(splitBy.map((by) => [by.parameter, new Set(by.values)]));
  if (orders !== undefined) values.set(orders.parameter, new Set(orders.values));
  const parameters = [...values.keys()];
  /** The ids found of what only these parameters can cut, by its query. */
  const crowds = new Map<string, { readonly query: SearchQuery; readonly ids: Set<string> }>();
  const crowdOf = (query: SearchQuery): Set<string> => {
    const key = JSON.stringify(query);
    const known = crowds.get(key) ?? { query, ids: new Set<string>() };
    crowds.set(key, known);
    return known.ids;
  };
  const usable = (query: SearchQuery, after?: string): string | undefined =>
    parameters.slice(after === undefined ? 0 : parameters.indexOf(after) + 1).find((parameter) => query[parameter] === undefined);
  /** Orders show other items of the same search; they cut nothing. */
  const cutting = (query: SearchQuery, after: string): string | undefined => {
    const next = usable(query, after);
    return next === orders?.parameter ? undefined : next;
  };
  const passes = (query: SearchQuery, by: string, total: number): Work[] => [
    step('tally', { query, total, by }),
    step('each', { query, by, done: [], total }),
  ];

  const isPart = (query: SearchQuery, base: SearchQuery): boolean =>
    parameters.some((parameter) => query[parameter] !== undefined && base[parameter] === undefined);

  return {
    split(query, base, total) {
      const used = parameters.filter((parameter) => query[parameter] !== undefined && base[parameter] === undefined).at(-1);
      if (used === undefined) {
        const by = usable(query);
        if (by !== undefined) crowdOf(query);
        return by === undefined ? undefined : passes(query, by, total);
      }
      // A part that has too many itself. What its own parts leave out, the passes over the whole crowd look for.
      const by = cutting(query, used);
      return by === undefined ? undefined : [step('each', { query, by, done: [], total: totalCap })];
    },
    count(query, base, total) {
      if (isPart(query, base)) return [];
      crowdOf(query);
      return [step('tally', { query, total, by: '' })];
    },
    isPart,
    each(data) {
      const { query, by, left, total, ...more } = data as unknown as Each;
      // Values that turn up meanwhile are read too.
      const known = [...(values.get(by) ?? [])];
      const done = more.done ?? known.filter((value) => !left?.includes(value));
      const next = known.find((value) => !done.includes(value));
      const crowd = [...crowds.values()].find((each) => isPartOf(query, each.query));
      if (next === undefined || (crowd !== undefined && total < totalCap && crowd.ids.size >= total)) return [];
      return [step('each', { query, by, done: [...done, next], total }), search({ ...query, [by]: next })];
    },
    tally(data, title) {
      const { query, total, by } = data as unknown as Tally;
      const missing = total - crowdOf(query).size;
      const next = usable(query, by);
      if (missing > 0 && next !== undefined) return { works: passes(query, next, total) };
      crowds.delete(JSON.stringify(query));
      if (missing <= 0) return { works: [] };
      const atLeast = total >= totalCap ? 'at least ' : '';
      const message = `${atLeast}${missing} of ${total} ${items} (${title(query)}) are in no search that can be paged through`;
      return { works: [], notes: [{ kind: 'truncated', message, missing }] };
    },
    saw(id, record, query) {
      for (const by of splitBy) for (const value of by.valuesOf(record)) values.get(by.parameter)?.add(value);
      for (const crowd of crowds.values()) if (isPartOf(query, crowd.query)) crowd.ids.add(id);
    },
    accountsFor: (query) => [...crowds.values()].some((crowd) => isPartOf(query, crowd.query)),
    resume(stack) {
      for (const work of stack) if (work.kind === 'step' && work.step === 'tally') crowdOf(work.data['query'] as SearchQuery);
    },
  };
}

const isPartOf = (query: SearchQuery, whole: SearchQuery): boolean => Object.entries(whole).every(([name, value]) => query[name] === value);

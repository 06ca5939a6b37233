import type { Json, JsonObject, Note, Page } from '@loadin/pipeline';
import type { SearchQuery } from './types.js';

/**
 * What is left to read of a slice: a stack, the next work last. It is stored with every landed page, so it is small JSON.
 * A search is one query of at most as many items as can be paged through; a step is something that the splitter carries out between searches.
 */
export type Work = Search | Step;

export interface Search {
  readonly kind: 'search';
  readonly query: SearchQuery;
  /** The next page, from 0. */
  readonly page: number;
  /** Items according to its first page. */
  readonly total?: number;
  /** Read for the second time, because the first time items moved between pages. */
  readonly again?: true;
  /** How many items it will have, known without a call. */
  readonly expected?: number;
  /** This search and the one below it on the stack have so many items together: what this one has, that one has not. */
  readonly together?: number;
  /** Where to cut it, as epoch seconds with which a part begins; known from the items of a search that was too large. */
  readonly cuts?: readonly number[];
  /** Only the items that can be paged through are read: the others are read by other searches, or can't be read. */
  readonly partial?: true;
  /** Read from its earliest item on as far as can be paged through, and what is left from its latest item backwards: which of the two. */
  readonly ends?: 'earliest' | 'latest';
  /** The part of the map that it covers. */
  readonly area?: readonly [number, number, number, number];
}

export interface Step {
  readonly kind: 'step';
  readonly step: string;
  readonly data: JsonObject;
}

export const search = (query: SearchQuery, more: Partial<Search> = {}): Search => ({ kind: 'search', query, page: 0, ...more });
export const step = (name: string, data: JsonObject = {}): Step => ({ kind: 'step', step: name, data });

/** How a stream cuts its searches down to what can be paged through; made anew for each read of a slice. */
export interface Splitter {
  /** The whole slice. */
  start(): Work[];
  /** What it has to remember besides the stack; small JSON. */
  state(): Json;
  /** Takes up what `state` gave an earlier attempt, and that attempt's stack. `saw` follows for every landed record. */
  resume(state: Json, stack: readonly Work[]): void;
  /** Looks at a search before it is made: other work in its place, `[]` when it is needless, or `undefined` to make it. */
  before(wanted: Search): Work[] | undefined;
  /** Makes one search of two neighbours on the stack that fit into one; `undefined` when they don't. */
  join(wanted: Search, below: Search): Search | undefined;
  /** The first page of a search says how many items there are. */
  counted(found: Search, total: number): void;
  /** A search has more items than can be paged through: what to read in its place. `keep`: the page that said so is delivered too. */
  tooMany(found: Search, total: number, records: readonly Json[]): { readonly works: Work[]; readonly keep: boolean };
  /** Of a search that was read from its earliest item on: the one that reads it from its latest item backwards. */
  otherEnd(done: Search): Search;
  /** What reads another time what this search should have given. */
  again(done: Search, total: number): Search;
  /** Every record that is delivered or was delivered before, in order; in a resumed read those of the landed pages first. */
  saw(id: string, record: JsonObject, query: SearchQuery): void;
  /**
   * Whether a step that is still to come compares what was found with what was announced, this search included: then the reader
   * doesn't report its shortage, which other searches may make up for.
   */
  accountsFor(query: SearchQuery): boolean;
  /** Carries out a step, or says that it delivers pages: then `pages` is called, and after the last one the step is done. */
  settle(step: Step): { readonly works: Work[]; readonly notes?: readonly Note[] } | 'pages';
  pages(step: Step): AsyncIterable<Pick<Page, 'records' | 'request'>>;
}

/** What is said of a search in messages, and what tells it from another. */
export const describe = (query: SearchQuery): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

export const without = (query: SearchQuery, parameter: string): SearchQuery =>
  Object.fromEntries(Object.entries(query).filter(([name]) => name !== parameter));

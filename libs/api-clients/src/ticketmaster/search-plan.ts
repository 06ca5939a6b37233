import type { Json, JsonObject, Note, Page } from '@loadin/pipeline';
import type { Area } from './area.js';

/**
 * What is left to read of a slice: a stack, the next work last. It is stored with every landed page, so it is small JSON.
 * A search is one query of at most 1,000 items; a step is something that the stream's splitter carries out between searches.
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
  /** Only its first 1,000 items are read: the others are read by other searches, or can't be read. */
  readonly partial?: true;
  /** The part of the map that it covers. */
  readonly area?: Area;
}

export type SearchQuery = { readonly [name: string]: string };

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

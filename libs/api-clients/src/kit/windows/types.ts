import type { Json, Note, ReadOptions } from '@loadin/pipeline';
import type { CallOptions } from '../../http/types.js';

/** The parameters of a search, by the names of the API; without page, size and what every call has. */
export type SearchQuery = { readonly [name: string]: string };

/** One page of a search, as the client gives it. */
export interface FoundPage {
  readonly records: readonly Json[];
  /** How many items the search has, as the service says with this page. */
  readonly total: number;
  /** Without credentials: `GET /discovery/v2/events.json?countryCode=US&page=0`. */
  readonly request: string;
  /** What the report says of it; the same is said once in a read. `truncated` is left out: that is what searches are cut for. Default: nothing. */
  readonly notes?: readonly Note[];
}

/** Asks for one page, counted from 0. */
export type SearchPage = (query: SearchQuery, page: number, options: CallOptions) => Promise<FoundPage>;

/**
 * A search of which only the first `cap` items can be paged through. What is cut, and by what, is data: the same reader serves every such
 * source.
 */
export interface WindowDeclaration {
  /** For messages, in the plural: `events`. */
  readonly items: string;
  /** Items of one search that can be paged through: Ticketmaster 1,000. */
  readonly cap: number;
  /** Where the announced total stops counting: Ticketmaster 10,000. Default: it counts everything. */
  readonly totalCap?: number;
  /** Items of a page: all pages but the last are full. */
  readonly pageSize: number;
  /** Name of the parameter with the number of the page, from 0. Default `page`. */
  readonly pageParameter?: string;
  /** The source's id of a raw record; `undefined` when it has none. */
  readonly idOf: (raw: Json) => string | undefined;
  /** The time that searches can be cut by. Default: none, a search above the cap is cut by `splitBy` and `orders` alone. */
  readonly time?: TimeDeclaration;
  /** What a search is cut by when time can't cut it (a crowded second, items without a date): in this order. Default: nothing. */
  readonly splitBy?: readonly SplitBy[];
  /** Orders in which other items come first, for those that no value of `splitBy` has. Default: none. */
  readonly orders?: { readonly parameter: string; readonly values: readonly string[] };
}

export interface TimeDeclaration {
  /** Names of the parameters of a window's ends, both inclusive: `startDateTime`, `endDateTime`. */
  readonly from: string;
  readonly to: string;
  /** Epoch seconds as the API writes them, and back. Default `YYYY-MM-DDTHH:mm:ssZ`. */
  readonly format?: { readonly text: (seconds: number) => string; readonly seconds: (text: string) => number };
  /** What the windows compare, as epoch seconds; NaN when the record doesn't say it. Only guesses depend on it, never what is found. */
  readonly startOf: (raw: Json) => number;
  /**
   * Orders of that time: a window with up to nearly twice the cap is read from its earliest item on, and what is left from its latest
   * backwards, so that fewer pages are half empty. What both give is counted; where it isn't all, windows are cut smaller.
   * Default: none, windows are cut until none is above the cap.
   */
  readonly orders?: { readonly parameter: string; readonly earliest: string; readonly latest: string };
  /** Searches for items that no window has, each with words for messages. Default: none. */
  readonly undated?: readonly { readonly query: SearchQuery; readonly title: string }[];
}

export interface SplitBy {
  /** `segmentId` */
  readonly parameter: string;
  /** Values that are known to exist; a value that nobody has costs one call. Those seen in records are added. */
  readonly values: readonly string[];
  readonly valuesOf: (raw: Json) => readonly string[];
}

/** Both ends inclusive, as the API writes times. */
export interface TimeWindow {
  readonly from: string;
  readonly to: string;
}

export interface WindowReadOptions {
  readonly declaration: WindowDeclaration;
  readonly search: SearchPage;
  /** What is read, one after the other: `[{ countryCode: 'US' }]`. They may overlap: an item that was seen is not delivered for itself again. */
  readonly bases: readonly SearchQuery[];
  /** The windows of each base, not overlapping; the undated items are read too. Needed when the declaration has `time`. */
  readonly windows?: readonly TimeWindow[];
  /** The stream whose landed pages an interrupted read finds its own in; also the lane of its calls. */
  readonly streamId: string;
  /** Whether a landed page of the stream, by its search, is one of this read. Default: all are. */
  readonly isOurs?: (query: SearchQuery) => boolean;
  /** What the last page says besides. Default: nothing. */
  readonly lastNotes?: readonly Note[];
  readonly options: ReadOptions;
}

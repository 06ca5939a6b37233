import type { CursorKind } from '@loadin/pipeline';
import type { Path } from './shape.js';

/**
 * How a list is read page by page. An empty page ends a list that is read by offset or page number, and a missing next one a list that is
 * read by cursor or link; a total never does, because totals drift.
 */
export type Paging = PlainPaging | SincePaging;
export type PlainPaging = OneKind<SinglePaging | OffsetPaging | PagePaging | CursorPaging | HeaderLinkPaging | BodyLinkPaging>;
export type SincePaging = OneKind<KeysetPaging | FilterPaging>;

/** One answer is all there is. */
export interface SinglePaging {
  readonly kind: 'single';
}

interface Counted {
  /** Items that a page has when it is full. */
  readonly perPage: number;
  /**
   * How a last page is known. Default `empty-page`, which costs one more call and is never wrong. `short-page`: fewer than `perPage` items,
   * for services that never send a short page before the last. `next`: the path is null or missing on the last page. `pages`: the number of pages.
   */
  readonly ends?: 'empty-page' | 'short-page' | { readonly next: Path } | { readonly pages: Path };
  /** The service gives no more of a list than its first so many items; a stream reports a list that has more. Default: it gives all. */
  readonly maxItems?: number;
}

/** `?offset=200&limit=100` */
export interface OffsetPaging extends Counted {
  readonly kind: 'offset';
  readonly offset: string;
  readonly limit: string;
  /**
   * How far a page moves the offset: by the items it had, so that nothing is lost when a service sends fewer than it was asked for, or by `limit`, for
   * services that leave out items of a page on purpose. Default `items`.
   */
  readonly step?: 'items' | 'limit';
}

/** `?page=3&size=100` */
export interface PagePaging extends Counted {
  readonly kind: 'page';
  readonly page: string;
  /** Default: the service has no parameter for the size of a page. */
  readonly size?: string;
  /** The number of the first page: it has no default, because starting at the wrong one loses a page. */
  readonly first: 0 | 1;
}

/** `?cursor=b3Blbg`, each answer names the next. */
export interface CursorPaging {
  readonly kind: 'cursor';
  readonly cursor: string;
  /** Where the answer has it; null, missing or empty on the last page. */
  readonly next: Path;
}

/** `Link: <…>; rel="next"` (RFC 8288). A link that leads elsewhere than below the base URL is not followed. */
export interface HeaderLinkPaging {
  readonly kind: 'link';
  readonly in: 'header';
}

/** The address of the next page in the body; null, missing or empty on the last page. */
export interface BodyLinkPaging {
  readonly kind: 'link';
  readonly in: 'body';
  readonly next: Path;
}

interface Since {
  readonly kind: 'since';
  /** `since`, `updated_after`, … */
  readonly parameter: string;
  /** Where in a record its cursor is: `updated_at`. A record without one is given, and moves nothing. */
  readonly cursor: Path;
  /** How cursors are compared. `time`: ISO 8601, without a zone UTC. `number`: also digits in a string. `text`: by code point. */
  readonly as: CursorKind;
  /**
   * Only for times: seconds before a run's scheduled time up to which it reads. What is newer is the next run's: a record that changes while it is
   * read, or that becomes visible late, is not passed over. Default 60.
   */
  readonly lagSeconds?: number;
  /**
   * Only for times: seconds before the checkpoint from which a run reads again: for records that turn up late, with a time that the run before has passed already. What
   * was delivered from there is delivered again, unless a sink knows it. Default 0: only what lies at the very place of the checkpoint.
   */
  readonly lookBackSeconds?: number;
  /** The parameter of a run that has no checkpoint to go on from, where the service wants one. Default: it is left out. */
  readonly begin?: string;
}

/**
 * `?since=2024-01-15T10:30:00Z&limit=100`: at most `perPage` records with a later cursor, in its order. The next call begins so that records which share a
 * cursor are never cut apart: it moves past a cursor only when a later one was seen.
 */
export interface KeysetPaging extends Since {
  /** The service's parameter for the number of records. Default: it has none. */
  readonly limit?: string;
  /** What the service really gives: a page that is shorter, and brings nothing later, is the last. */
  readonly perPage: number;
  /** More records than `perPage` with one cursor are read by asking for more, up to this. Default `perPage`: they end the run with an error. */
  readonly maxPerPage?: number;
  /**
   * `since` itself is given again: then a call may begin with the last cursor instead of the one before. Default `false`, which is right for both (for cursors
   * as `text`, which have none before them, a run asks for those after its checkpoint: say it here where the service gives `since` again).
   */
  readonly inclusive?: boolean;
}

/**
 * `since` filters, and what is left is read like any list. In a list by offset or page number a record that changes while it is read can move to
 * the end and another one across the cut between two pages, unseen: then `since` of the next run is past it. So declare a keyset where the service
 * orders by the cursor; this is for pages by cursor or link, and for lists in an order that changes don't touch.
 */
export interface FilterPaging extends Since {
  readonly pages: PlainPaging;
}

type AnyKey<U> = U extends unknown ? keyof U : never;
/** One member of a union and nothing of the others. */
type OneKind<U, All = U> = U extends unknown ? U & { readonly [K in Exclude<AnyKey<All>, keyof U>]?: never } : never;

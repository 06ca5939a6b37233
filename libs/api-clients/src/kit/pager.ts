import type { Json, Note } from '@loadin/pipeline';
import type { Params } from './any.js';
import type { LinkContext } from './link.js';

/** How one list is read; made anew for each reading, because keysets remember where they are. */
export interface Pager {
  /** What the call at this position asks for; `null` is the first. */
  ask(at: Json, size?: number): Ask;
  /** What an answer gives, and where it goes on. */
  turn(at: Json, ask: Ask, answer: Answered): Turn;
}

export interface Ask {
  readonly query: Params;
  /** In place of the endpoint's path, with its query. */
  readonly path?: string;
  /** The position as a number. */
  readonly from?: number;
  /** Items asked for. */
  readonly size?: number;
}

export interface Answered {
  readonly items: readonly Json[];
  readonly body: unknown;
  /** The `Link` header. */
  readonly link?: string;
  /** Path and query that it answers. */
  readonly path: string;
}

export interface Turn {
  readonly items: readonly Json[];
  /** The next position; `null`: that was the last page. */
  readonly next: Json;
  readonly notes?: readonly Note[];
}

export interface PagerContext extends LinkContext {
  readonly params: Params;
  /** Lists by `since`: nothing before this is given. */
  readonly from?: string;
  /** Nothing after this. */
  readonly until?: string;
}

import { FatalError, type Json } from '@loadin/pipeline';
import { headerLink, pathBelow, type LinkContext } from './link.js';
import type { Pager, Turn } from './pager.js';
import type { BodyLinkPaging, CursorPaging, HeaderLinkPaging, OffsetPaging, PagePaging, PlainPaging } from './paging-kinds.js';
import { textAt, valueAt, type Path } from './shape.js';

export function plainPager(paging: PlainPaging, context: LinkContext): Pager {
  switch (paging.kind) {
    case 'single':
      return { ask: () => ({ query: {} }), turn: (_at, _ask, { items }) => ({ items, next: null }) };
    case 'offset':
      return offsetPager(paging, context);
    case 'page':
      return pagePager(paging, context);
    case 'cursor':
      return cursorPager(paging, context);
    case 'link':
      return linkPager(paging, context);
  }
}

function offsetPager({ offset, limit, perPage, maxItems = Infinity, step = 'items', ends }: OffsetPaging, { title }: LinkContext): Pager {
  const heed = createHeed(title, offset);
  return {
    ask(at, size = perPage) {
      const from = typeof at === 'number' ? at : 0;
      const asked = Math.min(size, maxItems - from);
      if (asked <= 0) throw new RangeError(`offset ${from} is beyond the ${maxItems} items that a search gives`);
      return { query: { [limit]: asked, [offset]: from }, from, size: asked };
    },
    turn(_at, { from = 0, size = perPage }, { items, body }) {
      heed(items);
      const next = from + (step === 'limit' ? size : items.length);
      const ended = isLast(items.length < size, ends, items, body);
      return { items, ...goOn(next, ended, next >= maxItems, { title, maxItems, ends }) };
    },
  };
}

function pagePager({ page, size: sizeName, perPage, first, maxItems = Infinity, ends }: PagePaging, { title }: LinkContext): Pager {
  const heed = createHeed(title, page);
  return {
    ask(at, size = perPage) {
      const from = typeof at === 'number' ? at : first;
      if ((from - first + 1) * size > maxItems) throw new RangeError(`page ${from} is beyond the ${maxItems} items that a search gives`);
      return { query: { ...(sizeName !== undefined && { [sizeName]: size }), [page]: from }, from, size };
    },
    turn(_at, { from = first, size = perPage }, { items, body }) {
      heed(items);
      const pages = typeof ends === 'object' && 'pages' in ends ? valueAt(body, ends.pages) : undefined;
      const ended = isLast(items.length < size, ends, items, body) || (typeof pages === 'number' && from - first + 1 >= pages);
      return { items, ...goOn(from + 1, ended, (from - first + 2) * size > maxItems, { title, maxItems, ends }) };
    },
  };
}

type Ends = OffsetPaging['ends'];

function isLast(isShort: boolean, ends: Ends = 'empty-page', items: readonly Json[], body: unknown): boolean {
  if (items.length === 0 || (ends === 'short-page' && isShort)) return true;
  return typeof ends === 'object' && 'next' in ends && isMissing(body, ends.next);
}

interface Capped {
  readonly title: string;
  readonly maxItems: number;
  readonly ends: Ends;
}

/** A list that has more than the service gives is said to be truncated; also one that may end just there, when no answer says so. */
function goOn(next: number, ended: boolean, capped: boolean, { title, maxItems, ends }: Capped): Omit<Turn, 'items'> {
  if (ended || !capped) return { next: ended ? null : next };
  const more = typeof ends === 'object' ? 'this one has more' : 'this one may have more';
  return { next: null, notes: [{ kind: 'truncated', message: `${title} gives no more than ${maxItems} items of a list, and ${more}` }] };
}

function cursorPager({ cursor, next }: CursorPaging, { title }: LinkContext): Pager {
  const goesOn = createWay(title, cursor);
  return {
    ask: (at) => ({ query: typeof at === 'string' ? { [cursor]: at } : {} }),
    turn(at, _ask, { items, body }) {
      return { items, next: goesOn(at, textAt(body, next) ?? null, items) };
    },
  };
}

function linkPager(paging: HeaderLinkPaging | BodyLinkPaging, context: LinkContext): Pager {
  const goesOn = createWay(context.title, 'next link');
  return {
    ask: (at) => ({ query: {}, ...(typeof at === 'string' && { path: at }) }),
    turn(at, _ask, { items, body, link, path }) {
      const target = paging.in === 'header' ? headerLink(link, 'next') : textAt(body, paging.next);
      return { items, next: goesOn(at, target === undefined ? null : pathBelow(target, path, context), items) };
    },
  };
}

const isMissing = (body: unknown, path: Path): boolean => [undefined, null, false, ''].includes(valueAt(body, path) as undefined);

/**
 * The way from one position to the next. One that leads nowhere else and brings nothing is the end (services that always name a next one); one that
 * comes round again would never end. A circle is noticed however long it is: the position that is remembered moves on after 1, 2, 4, … pages (Brent).
 */
function createWay(title: string, what: string): (at: Json, next: string | null, items: readonly Json[]) => string | null {
  let remembered: string | undefined;
  let [pages, moveAfter] = [0, 1];
  return (at, next, items) => {
    if (next === null) return null;
    if (next === at && items.length === 0) return null;
    if (next === at || next === remembered) throw sameAgain(title, what);
    pages += 1;
    if (pages === moveAfter) [remembered, pages, moveAfter] = [next, 0, moveAfter * 2];
    return next;
  };
}

/** Items can move on by a page while they are read; more often than so in a row the service pays no heed to the number of the page. */
const mostRepeats = 2;

/** Notices the same page again and again, by both of its ends. */
function createHeed(title: string, parameter: string): (items: readonly Json[]) => void {
  let before: string | undefined;
  let repeats = 0;
  return (items) => {
    const ends = [items[0] ?? null, items.at(-1) ?? null];
    const now = ends.includes(null) ? undefined : JSON.stringify([items.length, ...ends]);
    repeats = now !== undefined && now === before ? repeats + 1 : 0;
    before = now;
    if (repeats > mostRepeats) throw sameAgain(title, `page, whatever ${parameter} is,`);
  };
}

const sameAgain = (title: string, what: string): FatalError =>
  new FatalError(`${title} gives the same ${what} again: the list would never end`, {
    hint: 'Check how the list is declared: the service may expect another parameter.',
  });

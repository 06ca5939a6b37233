import { createHash } from 'node:crypto';
import { FatalError, type Json, type Note } from '@loadin/pipeline';
import { compareCursors, cursorIn, type TextCursor } from './cursor.js';
import type { Ask, Pager, PagerContext } from './pager.js';
import type { FilterPaging, KeysetPaging, SincePaging } from './paging-kinds.js';
import { plainPager } from './plain-pager.js';

/** Lists by `?since=`. Whatever the service does with the parameter, nothing that is older than `since` and `from` or later than `until` is given. */
export function sincePager(paging: SincePaging, context: PagerContext): Pager {
  const sieve = createSieve(paging, context);
  return paging.pages === undefined ? keysetPager(paging as KeysetPaging, sieve, context) : filterPager(paging as FilterPaging, sieve, context);
}

function filterPager({ parameter, pages }: FilterPaging, sieve: Sieve, context: PagerContext): Pager {
  const inner = plainPager(pages, context);
  const since = context.params[parameter];
  return {
    ask(at, size) {
      const ask = inner.ask(at, size);
      return { ...ask, query: { [parameter]: since, ...ask.query } };
    },
    turn(at, ask, answer) {
      const turn = inner.turn(at, ask, answer);
      return { ...turn, items: sieve.kept(answer.items, since), notes: [...(turn.notes ?? []), ...sieve.takeNotes()] };
    },
  };
}

/**
 * Where a keyset goes on: with the records from this cursor on, and so many at once where it had to ask for more. `given`: which of those that
 * come again were given, so that whoever goes on here, in whatever process, gives none twice; positions of earlier versions don't say it.
 */
type Position = { readonly since?: string; readonly size?: number; readonly given?: readonly string[] };

/**
 * A call gives at most `perPage` records in the order of their cursors, so the last records of a page may be some of several with one cursor. The next
 * call begins with the cursor before theirs (services differ in whether `since` itself is given again): they come whole, and those that were
 * given before are left out.
 */
function keysetPager(paging: KeysetPaging, sieve: Sieve, context: PagerContext): Pager {
  const { parameter, limit, perPage } = paging;
  const begin = context.params[parameter];
  const positionOf = (at: Json): { since?: string; size: number; given: readonly string[] } => {
    const { since = begin === undefined ? undefined : String(begin), size = perPage, given = [] } = (at ?? {}) as Partial<Position>;
    return { since, size, given };
  };
  return {
    ask(at) {
      const { since, size } = positionOf(at);
      return { query: { [parameter]: since, ...(limit !== undefined && { [limit]: size }) }, size };
    },
    turn(at, ask, { items }) {
      const { since, given } = positionOf(at);
      const next = nextOf(items, since, ask, { paging, sieve, context });
      const kept = sieve.kept(items, since).map((item) => ({ item, mark: markOf(item) }));
      const fresh = kept.flatMap(({ item, mark }) => (given.includes(mark) ? [] : [item]));
      if (next === null) return { items: fresh, next, notes: sieve.takeNotes() };
      const again = kept.flatMap(({ item, mark }) => (sieve.isBefore(item, next.since) ? [] : [mark]));
      return { items: fresh, next: { ...next, ...(again.length > 0 && { given: again }) } as Json, notes: sieve.takeNotes() };
    },
  };
}

/** Tells a record from others; short, because it is stored with the position. */
const markOf = (item: Json): string => createHash('sha256').update(JSON.stringify(item)).digest('base64url').slice(0, 12);

interface Keyset {
  readonly paging: KeysetPaging;
  readonly sieve: Sieve;
  readonly context: PagerContext;
}

function nextOf(items: readonly Json[], since: string | undefined, { size = 0 }: Ask, { paging, sieve, context }: Keyset): Position | null {
  const { as, cursor, inclusive = false, perPage, limit } = paging;
  const { maxPerPage = perPage } = limit === undefined ? {} : paging; // nobody can ask for more without a parameter for it
  if (sieve.isIgnored(items, since)) {
    // Then an answer is all there is, or the beginning of it, again and again.
    if (items.length === size) throw unreadable(context, `ignores ${paging.parameter} and gives no more than ${size} records`);
    return null;
  }
  const cursors = items.flatMap((item) => cursorIn(item, cursor, as) ?? []);
  const last = cursors.at(-1);
  if (last === undefined) {
    if (items.length === 0 || items.length < size) return null;
    throw unreadable(
      context,
      `gives a page of ${items.length} records and none of them has a ${as} at ${cursor}`,
      'Check where the cursor of a record is.',
    );
  }
  if (cursors.some((each, i) => i > 0 && compareCursors(each, cursors[i - 1] ?? each) < 0))
    throw unreadable(context, `does not give records in the order of ${cursor}`);
  if (sieve.isBeyond(last)) return null;
  const before = cursors.filter((each) => compareCursors(each, last) < 0).at(-1);
  // A service that has just given `since` itself again will do so with the last cursor too: where nothing else leads on, that does.
  const again = cursors.some((each) => !sieve.isAfter(each, since)) ? last : undefined;
  const going = [inclusive ? last : before, again].find((each) => each !== undefined && sieve.isAfter(each, since));
  if (going !== undefined) return { since: going.text, ...(size !== perPage && { size }) };
  if (items.length < size) return null;
  if (size < maxPerPage) return { ...(since !== undefined && { since }), size: Math.min(maxPerPage, size * 2) };
  throw unreadable(context, `has ${size} records or more whose ${cursor} is ${last.text}, and gives no more of them at once`);
}

const unreadable = (
  { title }: PagerContext,
  why: string,
  hint = 'Declare how such an answer is paged (pages), or a larger page (maxPerPage).',
): FatalError => new FatalError(`${title} ${why}: what follows can't be reached`, { hint });

interface Sieve {
  /** Without what is older than `since` or `from`, which is older than the list or was given before, and what is later than `until`. */
  kept(items: readonly Json[], since: unknown): readonly Json[];
  /** Whether it is older than `since`. */
  isBefore(item: Json, since: string | undefined): boolean;
  /** Whether these show that the service pays no heed to the parameter. */
  isIgnored(items: readonly Json[], since: unknown): boolean;
  isBeyond(cursor: TextCursor): boolean;
  isAfter(cursor: TextCursor, since: string | undefined): boolean;
  takeNotes(): readonly Note[];
}

function createSieve({ cursor, as, parameter }: SincePaging, { params, from: start, until: end, title }: PagerContext): Sieve {
  boundary(params[parameter], parameter, as); // a wrong one is said before anything is asked
  const from = boundary(start, 'from', as);
  const until = boundary(end, 'until', as);
  const said = new Set<string>();
  let notes: Note[] = [];
  const say = (kind: Note['kind'], message: string): void => {
    if (!said.has(kind)) notes.push({ kind, message });
    said.add(kind);
  };
  const isBefore = (item: Json, edge: TextCursor | undefined): boolean => {
    const at = cursorIn(item, cursor, as);
    return edge !== undefined && at !== undefined && compareCursors(at, edge) < 0;
  };
  const isBeyond = (at: TextCursor | undefined): boolean => until !== undefined && at !== undefined && compareCursors(at, until) > 0;
  const isIgnored: Sieve['isIgnored'] = (items, asked) => {
    const edge = boundary(asked, parameter, as);
    const found = items.some((item) => isBefore(item, edge));
    if (found) say('capability', `${title} ignores ${parameter}: everything is read, and what is older is left out here`);
    return found;
  };
  return {
    isBeyond,
    isIgnored,
    isAfter: (at, since) => since === undefined || compareCursors(at, boundary(since, parameter, as) ?? at) > 0,
    kept(items, since) {
      isIgnored(items, since);
      const edge = boundary(since, parameter, as);
      const kept = items.filter((item) => !isBeyond(cursorIn(item, cursor, as)));
      if (kept.length < items.length) say('skipped', `what has changed after ${until?.text} is left for the next run`);
      return kept.filter((item) => !isBefore(item, edge) && !isBefore(item, from));
    },
    isBefore: (item, since) => isBefore(item, boundary(since, parameter, as)),
    takeNotes() {
      const taken = notes;
      notes = [];
      return taken;
    },
  };
}

function boundary(text: unknown, name: string, as: SincePaging['as']): TextCursor | undefined {
  if (text === undefined) return undefined;
  const found = cursorIn(text as Json, '', as);
  if (found !== undefined) return found;
  throw new FatalError(`${name} is not a ${as}: ${JSON.stringify(text)}`, {
    hint: as === 'time' ? 'Write it like 2024-01-15T10:30:00Z.' : 'Give the cursor of a record, as the service writes it.',
  });
}

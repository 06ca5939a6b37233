import type { Json, JsonObject, Note, Page, ReadOptions } from '@loadin/pipeline';
import { queryOf } from '../http/url.js';
import { pageSize, searchCap, type TicketmasterClient } from './client.js';
import { idOf } from './raw.js';
import type { Search, SearchQuery, Splitter, Work } from './search-plan.js';

export interface CappedReaderOptions {
  readonly client: TicketmasterClient;
  readonly kind: 'events' | 'venues';
  readonly splitter: Splitter;
  /** Whether a landed page of this stream is one of this slice. */
  readonly isOurs: (query: SearchQuery) => boolean;
  readonly streamId: string;
  readonly options: ReadOptions;
}

interface Position {
  readonly work: readonly Work[];
  readonly state: Json;
}

/**
 * Reads a slice whose searches give at most 1,000 items each: pages through every search that has no more and lets the splitter cut
 * up the others. A search that is short of what it announces, or whose total moved, is read twice. What neither reading gave is a note
 * `truncated`; a total that moved again while nothing seems to be missing is a note `drift`.
 */
export async function* readCapped(reader: CappedReaderOptions): AsyncGenerator<Page> {
  const { splitter, client, kind, options } = reader;
  const progress = createProgress(splitter, kind);
  if (options.after === null) progress.begin();
  else await progress.resume(options.after as unknown as Position, reader);

  for (;;) {
    progress.settle();
    const work = progress.next();
    if (work === undefined) {
      yield { records: [], position: null, request: 'nothing is left to read', notes: progress.takeNotes() };
      return;
    }
    if (work.kind === 'step') {
      for await (const { records, request } of splitter.pages(work)) {
        progress.remember(records, searchQueryOf(request));
        yield { records, request, position: progress.position(work), notes: progress.takeNotes() };
      }
      continue;
    }
    const { items, paging, request } = await client.page(kind, work.query, work.page, options);
    const records = items as unknown as readonly Json[];
    const isWanted = progress.advance(work, paging.totalElements, records);
    const keep = isWanted && progress.remember(records, work.query);
    progress.settle();
    const position = progress.position();
    if (!keep && position !== null) continue;
    yield { records: keep ? records : [], position, request, notes: progress.takeNotes() };
    if (position === null) return;
  }
}

function createProgress(splitter: Splitter, kind: CappedReaderOptions['kind']) {
  let stack: Work[] = [];
  let notes: Note[] = [];
  const seen = new Set<string>();
  /** Items of the search that is being read, of both readings when it is read again. Those without an id count by their page. */
  let inSearch = { ids: new Set<string>(), withoutId: new Map<number, number>() };

  const count = (records: readonly Json[], page: number): void => {
    const ids = records.map(idOf);
    for (const id of ids) if (id !== undefined) inSearch.ids.add(id);
    inSearch.withoutId.set(page, ids.filter((id) => id === undefined).length);
  };
  /** Whether there is anything among them that no earlier page had. */
  const remember = (records: readonly Json[], query: SearchQuery): boolean => {
    let isNew = false;
    for (const raw of records) {
      const id = idOf(raw);
      if (id === undefined || !seen.has(id)) isNew = true;
      if (id === undefined) continue;
      seen.add(id);
      splitter.saw(id, raw as JsonObject, query);
    }
    return isNew;
  };

  /** The search has been read to its end: was it one consistent list? */
  const finish = (done: Search, total: number): void => {
    const found = [...inSearch.withoutId.values()].reduce((sum, each) => sum + each, inSearch.ids.size);
    const first = done.total ?? total;
    if (done.partial || (first === total && found >= total)) return;
    if (!done.again) stack.push({ ...done, page: 0, total: undefined, again: true });
    else notes.push(...notesOn(done, { first, last: total, found }));
  };
  /** What is less than the smaller total has not been explained by items that came or went. */
  const notesOn = ({ query }: Search, { first, last, found }: { first: number; last: number; found: number }): Note[] => {
    const announced = Math.min(first, last);
    const missing = announced - found;
    if (missing > 0 && !splitter.accountsFor(query)) {
      const message = `${missing} of ${announced} announced ${kind} were in neither of two readings of ${describe(query)}`;
      return [{ kind: 'truncated', message, missing }];
    }
    if (first === last) return [];
    return [{ kind: 'drift', message: `the total changed while it was read: ${last} announced, ${found} found in ${describe(query)}` }];
  };

  return {
    remember,
    begin: () => {
      stack = splitter.start();
    },
    async resume({ work, state }: Position, { isOurs, options, streamId }: CappedReaderOptions): Promise<void> {
      stack = [...work];
      splitter.resume(state, work);
      const current = work.at(-1);
      const open = current?.kind === 'search' && (current.page > 0 || current.again) ? describe(current.query) : undefined;
      for await (const { records, request } of options.landed(streamId)) {
        const query = searchQueryOf(request);
        if (!isOurs(query)) continue;
        remember(records, query);
        if (describe(query) === open) count(records, Number(queryOf(request).get('page')));
      }
    },
    /** Carries out what needs no call, so that the page before it knows whether it was the last. */
    settle(): void {
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (top.kind === 'search') {
          if (top.page > 0 || top.again) return;
          const below = stack.at(-2);
          const joined = below?.kind === 'search' ? splitter.join(top, below) : undefined;
          const instead = joined === undefined ? splitter.before(top) : [joined];
          if (instead === undefined) return;
          stack.splice(joined === undefined ? -1 : -2);
          stack.push(...instead);
          continue;
        }
        const outcome = splitter.settle(top);
        if (outcome === 'pages') return;
        stack.pop();
        stack.push(...outcome.works);
        notes.push(...(outcome.notes ?? []));
      }
    },
    next: () => stack.pop(),
    /** Puts what follows an answer on the stack; `false` when its records are not to be delivered, because they are read again. */
    advance(done: Search, total: number, records: readonly Json[]): boolean {
      if (done.page === 0 && !done.again) inSearch = { ids: new Set(), withoutId: new Map() };
      count(records, done.page);
      if (done.page === 0) {
        splitter.counted(done, total);
        const below = stack.at(-1);
        if (done.together !== undefined && below?.kind === 'search')
          stack[stack.length - 1] = { ...below, expected: Math.max(0, done.together - total) };
      }
      if (total > searchCap && !done.partial) {
        const { works, keep } = splitter.tooMany(done, total, records);
        stack.push(...works);
        return keep;
      }
      const reached = (done.page + 1) * pageSize;
      if (records.length === 0 || reached >= Math.min(total, searchCap)) finish(done, total);
      else stack.push({ ...done, page: done.page + 1, total: done.total ?? total });
      return true;
    },
    position(under?: Work): Json {
      if (stack.length === 0 && under === undefined) return null;
      return { work: [...stack, ...(under === undefined ? [] : [under])], state: splitter.state() } as unknown as Json;
    },
    takeNotes(): readonly Note[] | undefined {
      const taken = notes;
      notes = [];
      return taken.length === 0 ? undefined : taken;
    },
  };
}

/** The parameters that make a search, out of a page's request; those that every call has are left out. */
function searchQueryOf(request: string): SearchQuery {
  return Object.fromEntries([...queryOf(request)].filter(([name]) => !['locale', 'sort', 'size', 'page'].includes(name)));
}

const describe = (query: SearchQuery): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

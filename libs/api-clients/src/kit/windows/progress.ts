import type { Json, JsonObject, Note } from '@loadin/pipeline';
import type { CappedReaderOptions } from './capped-reader.js';
import { createOpenSearch } from './open-search.js';
import { describe, without, type Search, type Work } from './search-plan.js';
import type { SearchQuery } from './types.js';

/** What is stored with a page that isn't the last. */
export interface Position {
  readonly work: readonly Work[];
  readonly state: Json;
}

/** How far a slice is read: the stack of works, and what was seen. It makes no call. */
export function createProgress({ splitter, items, cap, pageSize, idOf, orderParameter }: CappedReaderOptions) {
  let stack: Work[] = [];
  let notes: Note[] = [];
  const said = new Set<string>();
  const seen = new Set<string>();
  const open = createOpenSearch(idOf);
  /** Two readings of a search may differ in their order. */
  const sameSearch = (query: SearchQuery): string => describe(without(query, orderParameter));

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
    const found = open.found();
    const first = done.total ?? total;
    if (done.partial || (first === total && found >= total)) return;
    if (done.ends === 'earliest' && first > cap) stack.push({ ...splitter.otherEnd(done), page: 0, total: first, ends: 'latest' });
    else if (!done.again) stack.push(splitter.again(done, first));
    else notes.push(...notesOn(done, { first, last: total, found }));
  };
  /** What is less than the smaller total has not been explained by items that came or went. */
  const notesOn = ({ query }: Search, { first, last, found }: { first: number; last: number; found: number }): Note[] => {
    const announced = Math.min(first, last);
    const missing = announced - found;
    if (missing > 0 && !splitter.accountsFor(query)) {
      const message = `${missing} of ${announced} announced ${items} were in neither of two readings of ${describe(query)}`;
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
    async resume(position: Position, { isOurs, options, streamId, queryOf }: CappedReaderOptions): Promise<void> {
      stack = [...position.work];
      splitter.resume(position.state, stack);
      const current = stack.at(-1);
      const isOpen = current?.kind === 'search' && goesOnWith(current);
      for await (const { records, request } of options.landed(streamId)) {
        const { query, page } = queryOf(request);
        if (!isOurs(query)) continue;
        remember(records, query);
        if (isOpen && sameSearch(query) === sameSearch(current.query)) open.add(records, page);
      }
    },
    /** Carries out what needs no call, so that the page before it knows whether it was the last. */
    settle(): void {
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (top.kind === 'search') {
          if (goesOnWith(top)) return;
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
      if (!goesOnWith(done)) open.clear();
      open.add(records, done.page);
      if (done.page === 0) {
        splitter.counted(done, total);
        const below = stack.at(-1);
        if (done.together !== undefined && below?.kind === 'search')
          stack[stack.length - 1] = { ...below, expected: Math.max(0, done.together - total) };
      }
      if (total > cap && !done.partial && done.ends !== 'latest' && !(done.ends && done.page > 0)) {
        const { works, keep } = splitter.tooMany(done, total, records);
        stack.push(...works);
        return keep;
      }
      const reached = (done.page + 1) * pageSize;
      const isComplete = done.ends === 'latest' && open.found() >= total;
      if (records.length === 0 || reached >= Math.min(total, cap) || isComplete) finish(done, total);
      else stack.push({ ...done, page: done.page + 1, total: done.total ?? total });
      return true;
    },
    /** Whether the search that was read last goes on: its pages are landed even when all their items are known, or their number would be lost. */
    goesOn(done: Search): boolean {
      const top = stack.at(-1);
      return top?.kind === 'search' && !top.partial && goesOnWith(top) && sameSearch(top.query) === sameSearch(done.query);
    },
    /** Without what the other end of the search gave already. */
    others: (records: readonly Json[], { ends }: Search): readonly Json[] =>
      ends === 'latest' ? records.filter((raw) => !seen.has(idOf(raw) ?? '')) : records,
    position(under?: Work): Json {
      if (stack.length === 0 && under === undefined) return null;
      return { work: [...stack, ...(under === undefined ? [] : [under])], state: splitter.state() } as unknown as Json;
    },
    /** Notes of the client, each once. */
    say(more: readonly Note[] = []): void {
      notes.push(...more.filter(({ kind, message }) => kind !== 'truncated' && !said.has(message) && said.add(message)));
    },
    takeNotes(): readonly Note[] | undefined {
      const taken = notes;
      notes = [];
      return taken.length === 0 ? undefined : taken;
    },
  };
}

/** Whether a search adds to what was counted before it. */
const goesOnWith = ({ page, again, ends }: Search): boolean => page > 0 || again === true || ends === 'latest';

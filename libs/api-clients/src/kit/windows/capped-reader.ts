import type { Json, Page, ReadOptions } from '@loadin/pipeline';
import { createProgress, type Position } from './progress.js';
import type { Splitter } from './search-plan.js';
import type { SearchPage, SearchQuery } from './types.js';

export interface CappedReaderOptions {
  readonly splitter: Splitter;
  readonly search: SearchPage;
  /** For messages: `events`. */
  readonly items: string;
  /** Items of a search that can be paged through, and items of a page. */
  readonly cap: number;
  readonly pageSize: number;
  readonly idOf: (raw: Json) => string | undefined;
  /** The search that a page answers, and which of its pages it is, out of its request. */
  readonly queryOf: (request: string) => { readonly query: SearchQuery; readonly page: number };
  /** Name of the parameter that orders a search: it changes nothing of what a search has. */
  readonly orderParameter: string;
  /** Whether a landed page of this stream is one of this slice. */
  readonly isOurs: (query: SearchQuery) => boolean;
  readonly streamId: string;
  readonly options: ReadOptions;
}

/**
 * Reads a slice whose searches give only their first items: pages through every search that has no more and lets the splitter cut
 * up the others. A search that is short of what it announces, or whose total moved, is read twice. What neither reading gave is a note
 * `truncated`; a total that moved again while nothing seems to be missing is a note `drift`.
 */
export async function* readCapped(reader: CappedReaderOptions): AsyncGenerator<Page> {
  const { splitter, options, streamId } = reader;
  const callOptions = { signal: options.signal, meter: options.meter, logger: options.logger, lane: streamId };
  const progress = createProgress(reader);
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
        progress.remember(records, reader.queryOf(request).query);
        yield { records, request, position: progress.position(work), notes: progress.takeNotes() };
      }
      continue;
    }
    const { records: found, total, request, notes } = await reader.search(work.query, work.page, callOptions);
    progress.say(notes);
    const isWanted = progress.advance(work, total, found);
    const records = progress.others(found, work);
    const keep = isWanted && (progress.remember(records, work.query) || progress.goesOn(work));
    progress.settle();
    const position = progress.position();
    if (!keep && position !== null) continue;
    yield { records: keep ? records : [], position, request, notes: progress.takeNotes() };
    if (position === null) return;
  }
}

import type { JsonObject, Page, ReadOptions, Slice, Stream } from '@loadin/pipeline';
import { readWindows } from '../kit/windows/read-windows.js';
import type { WindowDeclaration } from '../kit/windows/types.js';
import { readByIds } from './by-ids.js';
import { pageSize, searchCap, totalCap, type TicketmasterClient } from './client.js';
import { inPhases, type Phase } from './in-phases.js';
import { idOf, listAt, textAt } from './raw.js';
import { searchPage } from './search-page.js';
import { segmentIds } from './states.js';

export interface TicketmasterAttractionsStreamOptions {
  readonly client: TicketmasterClient;
  /** Attractions that are followed by id; an id that doesn't exist is a `null` record. Default: none. */
  readonly ids?: readonly string[];
  /** Searches for words of the name: `midnight`. Default: none. */
  readonly keywords?: readonly string[];
  /** Whether those that the run's events embed are delivered too; then it reads after `ticketmaster.events`. Default false. */
  readonly fromEvents?: boolean;
}

const id = 'ticketmaster.attractions';
const events = 'ticketmaster.events';

interface Bounds {
  readonly ids: readonly string[];
  readonly keywords: readonly string[];
  readonly fromEvents: boolean;
}

/** More than 1,000 with a word are cut by class, then read in other orders. */
const declaration: WindowDeclaration = {
  items: 'attractions',
  cap: searchCap,
  totalCap,
  pageSize,
  idOf,
  splitBy: [
    {
      parameter: 'classificationId',
      values: segmentIds,
      valuesOf: (raw) => listAt(raw, 'classifications').flatMap((each) => textAt(each, 'segment', 'id') ?? []),
    },
  ],
  orders: { parameter: 'sort', values: ['name,asc', 'name,desc', 'relevance,desc', 'relevance,asc'] },
};

/** `ticketmaster.attractions`: by id, by words of the name, and those of the run's events; all of it is one slice, so each comes once. */
export function createTicketmasterAttractionsStream(options: TicketmasterAttractionsStreamOptions): Stream {
  const { client, ids = [], keywords = [], fromEvents = false } = options;
  return {
    id,
    source: 'ticketmaster',
    dataType: 'attractions',
    readMode: 'full',
    ...(fromEvents && { readsAfter: [events] }),
    plan: () => {
      const bounds = { ids: [...new Set(ids)], keywords: [...new Set(keywords)], fromEvents };
      return [{ ordinal: 0, name: 'followed', bounds: bounds as unknown as JsonObject }];
    },
    read: (slice, readOptions) => read(client, slice, readOptions),
    key: idOf,
  };
}

async function* read(client: TicketmasterClient, { bounds }: Slice, options: ReadOptions): AsyncGenerator<Page> {
  const { ids, keywords, fromEvents } = bounds as unknown as Bounds;
  const seen = new Set<string>();
  const remember = ({ records }: Page): void => {
    for (const raw of records) {
      const each = idOf(raw);
      if (each !== undefined) seen.add(each);
    }
  };
  if (options.after !== null) for await (const page of options.landed(id)) remember(page);
  const phases: Phase[] = [];
  if (ids.length > 0) phases.push((after) => readByIds({ client, kind: 'attractions', ids, streamId: id, options: { ...options, after } }));
  if (keywords.length > 0)
    phases.push((after) =>
      readWindows({
        declaration,
        search: searchPage(client, 'attractions'),
        bases: keywords.map((keyword) => ({ keyword })),
        streamId: id,
        isOurs: (query) => query['keyword'] !== undefined,
        options: { ...options, after },
      }),
    );
  if (fromEvents) phases.push(() => embedded(options.landed(events), seen));
  for await (const page of inPhases(phases, options.after)) {
    remember(page);
    yield page;
  }
}

/** The attractions that events embed and that no page had yet, 200 on a page. Reading goes on by what was seen, so any position will do. */
async function* embedded(pages: AsyncIterable<Page>, seen: ReadonlySet<string>): AsyncGenerator<Page> {
  const request = `embedded in ${events}`;
  let batch = new Map<string, Page['records'][number]>();
  for await (const { records } of pages) {
    for (const raw of records.flatMap((event) => listAt(event, '_embedded', 'attractions'))) {
      const each = idOf(raw);
      if (each === undefined || seen.has(each) || batch.has(each)) continue;
      batch.set(each, raw);
      if (batch.size < pageSize) continue;
      yield { records: [...batch.values()], position: 'embedded', request };
      batch = new Map();
    }
  }
  yield { records: [...batch.values()], position: null, request };
}

import type { Page } from '@loadin/pipeline';
import { queryOf } from '../../http/url.js';
import { readCapped, type CappedReaderOptions } from './capped-reader.js';
import type { SearchQuery, WindowDeclaration, WindowReadOptions } from './types.js';
import { createWindowSplitter } from './window-splitter.js';

/**
 * Reads searches of which only the first items can be paged through, page by page, to their last item: nothing ahead of what the consumer
 * asks for. It goes on after any landed page. What no call reaches is a note `truncated` with the missing number.
 */
export async function* readWindows(read: WindowReadOptions): AsyncGenerator<Page> {
  const { declaration, search, bases, windows = [], streamId, isOurs = () => true, lastNotes = [], options } = read;
  const pages = readCapped({
    splitter: createWindowSplitter({ declaration, bases, windows }),
    search,
    items: declaration.items,
    cap: declaration.cap,
    pageSize: declaration.pageSize,
    idOf: declaration.idOf,
    queryOf: searchIn(declaration, bases),
    orderParameter: orderOf(declaration),
    isOurs,
    streamId,
    options,
  });
  for await (const page of pages) {
    if (page.position !== null || lastNotes.length === 0) yield page;
    else yield { ...page, notes: [...(page.notes ?? []), ...lastNotes] };
  }
}

/** The search that a page's request answers: what every call has besides (page, size, locale, the usual order) is left out. */
function searchIn(
  { time, splitBy = [], orders, pageParameter = 'page' }: WindowDeclaration,
  bases: readonly SearchQuery[],
): CappedReaderOptions['queryOf'] {
  const names = new Set([
    ...bases.flatMap((base) => Object.keys(base)),
    ...(time === undefined ? [] : [time.from, time.to, ...(time.undated ?? []).flatMap(({ query }) => Object.keys(query))]),
    ...splitBy.map(({ parameter }) => parameter),
  ]);
  const inOrder = new Set([
    ...(orders?.values ?? []).map((value) => `${orders?.parameter}=${value}`),
    ...(time?.orders === undefined ? [] : [time.orders.earliest, time.orders.latest].map((value) => `${time.orders?.parameter}=${value}`)),
  ]);
  return (request) => {
    const sent = queryOf(request);
    const query = Object.fromEntries([...sent].filter(([name, value]) => names.has(name) || inOrder.has(`${name}=${value}`)));
    return { query, page: Number(sent.get(pageParameter)) };
  };
}

const orderOf = ({ time, orders }: WindowDeclaration): string => time?.orders?.parameter ?? orders?.parameter ?? 'sort';

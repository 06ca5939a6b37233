import { FatalError, type Page, type ReadOptions } from '@loadin/pipeline';
import type { CallOptions } from '../http/types.js';
import type { AnyClient, AnyPage, Params } from './any.js';
import type { EndpointDeclaration, ListEndpoint } from './declaration.js';
import type { PagePaging } from './paging-kinds.js';
import { textAt, type Path } from './shape.js';
import { readWindows } from './windows/read-windows.js';
import { isoSeconds } from './windows/time.js';
import type { SearchQuery, TimeWindow, WindowDeclaration } from './windows/types.js';

/** How a search of which only the first `maxItems` can be paged through is cut into smaller ones. What its paging says is taken from there. */
export interface StreamWindows extends Pick<WindowDeclaration, 'items' | 'totalCap' | 'time' | 'splitBy' | 'orders'> {
  /** Where an answer says how many items the search has. */
  readonly total: Path;
}

/** Only searches by page number, from 0 and with a cap, are cut; what they ask for is all in the query. */
export type WindowsOf<D extends EndpointDeclaration> = D extends { readonly path: `${string}{${string}` }
  ? never
  : D extends { readonly paging: { readonly kind: 'page'; readonly first: 0; readonly maxItems: number } }
    ? StreamWindows
    : never;

export interface Horizon {
  readonly horizonDays: number;
  readonly lookBackDays?: number;
}

/** The one window of a run: so many days before and after its scheduled time. */
export function windowOf({ time }: StreamWindows, { horizonDays, lookBackDays = 0 }: Horizon, scheduledTime: string): TimeWindow {
  const { text } = time?.format ?? isoSeconds;
  const at = Math.floor(Date.parse(scheduledTime) / 1000);
  return { from: text(at - lookBackDays * 86_400), to: text(at + horizonDays * 86_400) };
}

export interface WindowedRead {
  readonly windows: StreamWindows;
  readonly client: AnyClient;
  readonly name: string;
  readonly endpoint: ListEndpoint;
  readonly key: Path;
  /** The parameters of each list. */
  readonly lists: readonly Params[];
  readonly window?: TimeWindow;
  readonly streamId: string;
  readonly options: ReadOptions;
}

export function readWindowed({ windows, client, name, endpoint, key, lists, window, streamId, options }: WindowedRead): AsyncGenerator<Page> {
  const { page, perPage, maxItems = Infinity } = endpoint.paging as PagePaging;
  const { total, ...how } = windows;
  const cap = maxItems - (maxItems % perPage); // a page across the end is not to be had
  const bases = lists.map(queryOf);
  const isOurs = (query: SearchQuery): boolean => bases.some((base) => Object.entries(base).every(([param, value]) => query[param] === value));
  return readWindows({
    declaration: { ...how, cap, pageSize: perPage, pageParameter: page, idOf: (raw) => textAt(raw, key) },
    async search(query: SearchQuery, at: number, call: CallOptions) {
      const { items, body, request, notes } = await client.page(name, query, { ...call, at });
      // Without a body there is none of it, or the credentials don't get it.
      return { records: items, total: body === null ? 0 : totalIn(body, total, { items, request }), request, ...(notes !== undefined && { notes }) };
    },
    bases,
    windows: window === undefined ? [] : [window],
    streamId,
    isOurs,
    options,
  });
}

/** A total that isn't there must not count as the items of one page: the others would be lost. */
function totalIn(body: unknown, path: Path, { items, request }: Pick<AnyPage, 'items' | 'request'>): number {
  const found = textAt(body, path);
  if (found === undefined && items.length === 0) return 0;
  const total = Number(found);
  if (Number.isInteger(total) && total >= 0) return total;
  throw new FatalError(`an answer doesn't say at ${path} how many items the search has`, {
    where: request,
    hint: 'Check what the declaration of the windows says about total.',
  });
}

const queryOf = (params: Params): SearchQuery =>
  Object.fromEntries(Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));

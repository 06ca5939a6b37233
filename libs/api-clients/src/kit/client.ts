import { FatalError, type Json } from '@loadin/pipeline';
import { RefusedError } from '../http/errors.js';
import type { CallOptions, QueryValue } from '../http/types.js';
import type { AnyClient, AnyPage, AnySource, Params } from './any.js';
import { createCapabilities } from './capabilities.js';
import type { Connection } from './connection.js';
import type { EndpointDeclaration, ListEndpoint } from './declaration.js';
import type { Pager } from './pager.js';
import { plainPager } from './plain-pager.js';
import { isShaped, itemsOf, valueAt } from './shape.js';
import { sincePager } from './since.js';
import type { PageOptions } from './source.js';

/** A client of the declared endpoints over a connection. */
export function createClient(source: AnySource, http: Connection, baseUrl: string): AnyClient {
  const capabilities = createCapabilities();
  const asking = { http, capabilities, endpoints: source.endpoints };

  const pagerFor = ({ paging }: ListEndpoint, params: Params, { from, until }: PageOptions): Pager => {
    const { auth, title } = source;
    const authParameter = auth.kind === 'api-key' && auth.in === 'query' ? auth.name : undefined;
    const context = { title, baseUrl, authParameter, params, from, until };
    return paging.kind === 'since' ? sincePager(paging, context) : plainPager(paging, context);
  };
  const onePage = async (name: string, params: Params, options: PageOptions, pager: Pager): Promise<AnyPage> => {
    const endpoint = source.endpoints[name] as ListEndpoint;
    const { at = null, size } = options;
    const ask = pager.ask(at, size);
    const target = ask.path === undefined ? targetOf(endpoint, { ...params, ...ask.query }) : { path: ask.path };
    const answer = await askFor(asking, { name, endpoint, params, ...target }, options);
    if (answer.kind !== 'answered') {
      const notes = answer.kind === 'withheld' ? { notes: [{ kind: 'capability' as const, message: answer.message }] } : {};
      return { items: [], body: null, next: null, request: `GET ${target.path}`, ...notes };
    }
    const { body, request, link } = answer;
    const items = (itemsOf(endpoint.answer, body) ?? []) as readonly Json[];
    const turn = pager.turn(at, ask, { items, body, link, path: target.path });
    return { items: turn.items, body, next: turn.next, request, ...(turn.notes !== undefined && turn.notes.length > 0 && { notes: turn.notes }) };
  };

  return {
    async get(name, params = {}, options = {}) {
      const endpoint = source.endpoints[name] as EndpointDeclaration;
      const target = targetOf(endpoint, params);
      const answer = await askFor(asking, { name, endpoint, params, ...target }, options);
      if (answer.kind !== 'answered') return { value: null, request: `GET ${target.path}` };
      return { value: valueAt(answer.body, endpoint.answer.at), request: answer.request };
    },
    page: (name, params = {}, options = {}) => onePage(name, params, options, pagerFor(source.endpoints[name] as ListEndpoint, params, options)),
    async *pages(name, params = {}, options = {}) {
      const pager = pagerFor(source.endpoints[name] as ListEndpoint, params, options);
      for (let at = options.at ?? null; ;) {
        const page = await onePage(name, params, { ...options, at }, pager);
        yield page;
        if (page.next === null) return;
        at = page.next;
      }
    },
    get capabilities() {
      return capabilities.list();
    },
    close: () => http.close(),
  };
}

type Asked =
  | { readonly kind: 'answered'; readonly body: unknown; readonly request: string; readonly link?: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'withheld'; readonly message: string };

interface Call {
  readonly name: string;
  readonly endpoint: EndpointDeclaration;
  readonly params: Params;
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
}

interface Asking {
  readonly http: Connection;
  readonly capabilities: ReturnType<typeof createCapabilities>;
  readonly endpoints: AnySource['endpoints'];
}

async function askFor(asking: Asking, { name, endpoint, params, path, query }: Call, options: CallOptions): Promise<Asked> {
  const { http, capabilities } = asking;
  const { signal, meter, logger, lane } = options;
  const withheld = (): Asked => ({ kind: 'withheld', message: capabilities.list().find((each) => each.name === name)?.message ?? name });
  if (capabilities.lacks(name)) return withheld();
  try {
    const isValid = (body: unknown): boolean => isShaped(endpoint.answer, body);
    const answer = await http.request({ endpoint: name, path, query, isValid, signal, meter, logger, lane });
    capabilities.works(name);
    return { kind: 'answered', ...answer };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (endpoint.absent?.includes(error.code) === true) return { kind: 'absent' };
    if (endpoint.optional === undefined) throw error;
    // Endpoints are withheld by 403 or by 404. Once one has worked, a 404 is about what was asked for.
    if (error.status === 404 && (capabilities.hasWorked(name) || !(await isThere(asking, endpoint, params, options)))) return { kind: 'absent' };
    capabilities.withheld(name, endpoint.optional, error.status);
    return withheld();
  }
}

/** Whether there is the thing that an optional endpoint is about; true when the declaration names no way to find it. */
async function isThere(asking: Asking, { path, foundBy }: EndpointDeclaration, params: Params, options: CallOptions): Promise<boolean> {
  const endpoint = foundBy === undefined ? undefined : asking.endpoints[foundBy];
  if (foundBy === undefined || endpoint === undefined) return true;
  const named = Object.fromEntries(Object.entries(params).filter(([name]) => path.includes(`{${name}}`)));
  const only = { ...endpoint, foundBy: undefined }; // whatever is declared about that one: this is asked once
  const answer = await askFor(asking, { name: foundBy, endpoint: only, params: named, ...targetOf(endpoint, named) }, options);
  return answer.kind !== 'absent';
}

/** The path with its placeholders filled, and what goes into the query: what the caller gave, then what is sent with every call. */
function targetOf(endpoint: EndpointDeclaration, params: Params): { path: string; query: Record<string, QueryValue> } {
  const query: Record<string, QueryValue> = {};
  const inPath = new Set<string>();
  const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    inPath.add(name);
    return segment(endpoint.path, name, params[name]);
  });
  for (const [name, value] of Object.entries(params)) if (!inPath.has(name)) query[name] = typeof value === 'boolean' ? String(value) : value;
  for (const [name, value] of Object.entries(endpoint.query ?? {})) query[name] ??= value;
  return { path, query };
}

/** A value as one segment of a path: nothing that would lead to another endpoint. */
function segment(path: string, name: string, value: Params[string]): string {
  const text = value === undefined ? '' : String(value);
  if (['', '.', '..'].includes(text)) throw new FatalError(`${path} needs ${name}, and it is ${text === '' ? 'empty' : JSON.stringify(text)}`);
  return encodeURIComponent(text);
}

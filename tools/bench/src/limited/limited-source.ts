import { defineSource, list } from '@loadin/api-clients';
import { startChild, type Child } from '../child.js';

export interface LimitedSettings {
  readonly perSecond: number;
  readonly latencyMs: number;
  readonly pages: number;
  readonly perPage: number;
}

/** What the limited server has seen, refused calls included. */
export interface Counted {
  readonly calls: number;
  readonly tooManyRequests: number;
  readonly mostInASecond: number;
  readonly byCaller: Readonly<Record<string, number>>;
}

export interface LimitedServer {
  readonly url: string;
}

/** A server with a limit, in a process of its own. */
export const startLimitedServer = (settings: LimitedSettings): Child<LimitedServer> =>
  startChild<LimitedServer>(new URL('./limited-server.child.js', import.meta.url).pathname, { args: [JSON.stringify(settings)] });

export const countedBy = async ({ url }: LimitedServer): Promise<Counted> => (await (await fetch(`${url}/counted`)).json()) as Counted;

/** Declares that server as a source with its limit, and, where it is given, a budget of calls in a day. */
export const limitedSource = ({ perSecond, perPage }: LimitedSettings, perDay?: number) =>
  defineSource({
    name: 'bench',
    title: 'Limited server',
    baseUrl: 'http://127.0.0.1',
    auth: { kind: 'api-key', in: 'header', name: 'X-Api-Key' },
    rate: {
      windows: [{ limit: perSecond, windowMs: 1_000 }, ...(perDay === undefined ? [] : [{ limit: perDay, windowMs: 86_400_000 }])],
      pace: { perSecond, burst: perSecond },
    },
    settings: { baseUrl: 'BENCH_URL', credentials: ['BENCH_KEY'] },
    endpoints: {
      items: {
        path: '/items',
        params: { caller: 'string?' },
        answer: list<{ readonly id: string }>('items'),
        paging: { kind: 'page', page: 'page', first: 0, perPage, ends: { pages: 'pages' } },
      },
    },
  });

/** Not a secret: the server looks at no key. */
export const apiKey = 'bench-key-0123456789';

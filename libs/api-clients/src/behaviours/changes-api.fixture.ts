import { json, startScripted, text } from '../http/scripted-server.fixture.js';
import { defineSource, list } from '../index.js';

export interface Payment {
  readonly id: string;
  readonly updated_at: string;
  readonly amount: string;
}

export const pageSize = 10;

/** A source of its own, declared: payments that have changed since, 10 at a time, ties included. */
export const payments = defineSource({
  name: 'payments',
  title: 'Payments',
  baseUrl: 'https://payments.example',
  auth: { kind: 'api-key', in: 'header', name: 'x-api-key' },
  rate: { windows: [{ limit: 50, windowMs: 1_000 }], pace: { perSecond: 50, burst: 10 } },
  settings: { baseUrl: 'PAYMENTS_API_URL', credentials: ['API_KEY_SECRET_ARN'] },
  endpoints: {
    payments: {
      path: '/payments',
      answer: list<Payment>('data'),
      paging: { kind: 'since', parameter: 'since', cursor: 'updated_at', as: 'time', limit: 'limit', perPage: pageSize, maxPerPage: 4 * pageSize },
    },
  },
  streams: { payments: { endpoint: 'payments', key: 'id' } },
});

/** A server of them. `failAt`: the n-th call from now on breaks off in the middle of its answer. */
export async function startChangesApi(key: string, rows: Payment[]) {
  let failAt = 0;
  const sinceOf = (url: string): string | null => new URL(url, 'http://server').searchParams.get('since');
  const server = await startScripted((response, request) => {
    const { searchParams } = new URL(request.url ?? '', 'http://server');
    if (request.headers['x-api-key'] !== key)
      return json({ message: `Unauthorized: ${String(request.headers['x-api-key'])}` }, 401)(response, request);
    const since = searchParams.get('since') ?? '';
    const later = rows.filter(({ updated_at: at }) => at > since).sort((a, b) => (`${a.updated_at} ${a.id}` < `${b.updated_at} ${b.id}` ? -1 : 1));
    const body = { data: later.slice(0, Number(searchParams.get('limit'))) };
    failAt -= 1;
    if (failAt !== 0) return json(body)(response, request);
    const half = JSON.stringify(body).slice(0, 100);
    text(half, 200, { 'content-type': 'application/json' })(response, request);
  });
  return {
    url: server.url,
    rows,
    failAt: (n: number): void => void (failAt = n),
    /** The `since` of every call so far. */
    asked: (): (string | null)[] => server.requests.map(({ url }) => sinceOf(url)),
    close: () => server.close(),
  };
}

export type ChangesApi = Awaited<ReturnType<typeof startChangesApi>>;

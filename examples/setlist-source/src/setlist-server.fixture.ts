import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Setlist } from './setlists.js';

export const goodKey = 'canary-setlist-key-0123456789';

export const setlistsOf = (artist: string, count: number): Setlist[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${artist}-${i}`,
    artist: { id: artist, name: artist.toUpperCase() },
    day: `2024-01-${String((i % 28) + 1).padStart(2, '0')}`,
    ...(i % 3 > 0 && { venue: { name: 'Kulturbolaget', ...(i % 3 > 1 && { city: 'Malmö' }) } }),
    songs: [{ title: 'Opener' }, { title: 'Encore', cover: true }],
  }));

/** The fictional service: keys in a header, pages from 1, a limit of two calls in any second by `now`, failures by request. */
export async function startSetlists(artists: Record<string, readonly Setlist[]>, now: () => number) {
  const seen: { readonly url: string; readonly status: number }[] = [];
  const failures = new Map<number, readonly [status: number, body: string, headers?: Record<string, string>]>();
  let recent: number[] = [];
  const answer = (url: URL, key: unknown): readonly [status: number, body: string, headers?: Record<string, string>] => {
    const fault = failures.get(seen.length + 1);
    if (fault !== undefined) return fault;
    if (key !== goodKey) return [401, JSON.stringify({ error: `unknown key ${String(key)}` })];
    recent = recent.filter((at) => at > now() - 1_000);
    if (recent.push(now()) > 2) return [429, 'Too many requests', { 'retry-after': '1' }];
    const all = artists[/\/artists\/([^/]+)\//.exec(url.pathname)?.[1] ?? ''];
    if (all === undefined) return [404, JSON.stringify({ error: 'no such artist' })];
    const [page, size] = ['page', 'size'].map((name) => Number(url.searchParams.get(name)));
    return [200, JSON.stringify({ total: all.length, setlists: all.slice(((page ?? 1) - 1) * (size ?? 0)).slice(0, size) })];
  };
  const server = createServer((request, response: ServerResponse) => {
    const [status, body, headers] = answer(new URL(request.url ?? '', 'http://server'), request.headers['x-api-key']);
    seen.push({ url: request.url ?? '', status });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => seen.map(({ url }) => url),
    statuses: () => seen.map(({ status }) => status),
    /** The n-th request is answered so. */
    fail: (n: number, status: number, body: string, headers?: Record<string, string>) => void failures.set(n, [status, body, headers]),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

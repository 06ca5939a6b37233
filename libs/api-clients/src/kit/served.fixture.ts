import { createManualClock } from '@loadin/testing';
import { json, startScripted, type ScriptedServer } from '../http/scripted-server.fixture.js';

export interface Served {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

const opened: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close(); // those that a failed specification has left open
});

/** A real server that answers by path and query, and what was asked of it. */
export async function serve(answer: (url: URL, headers: Record<string, string | string[] | undefined>) => Served) {
  const server: ScriptedServer = await startScripted((response, request) => {
    const { status, headers, body } = answer(new URL(request.url ?? '', 'http://server'), request.headers);
    json(body, status, headers)(response, request);
  });
  opened.push(server);
  return { url: server.url, asked: () => server.requests.map(({ url }) => url), requests: server.requests, close: () => server.close() };
}

/** What every source of these specs has; nothing waits. */
export const common = {
  name: 'shows',
  title: 'Shows',
  baseUrl: 'https://shows.example',
  rate: { windows: [], pace: { perSecond: 1e6, burst: 1e6 } },
  settings: { baseUrl: 'API_SHOWS_BASE_URL', credentials: ['API_SHOWS_KEY'] },
} as const;

export const options = (baseUrl: string) => ({ baseUrl, clock: createManualClock(Date.parse('2024-01-15T12:00:00Z')), random: () => 0.5 });

export interface Show {
  readonly id: number;
}
export const showsFrom = (first: number, count: number): Show[] => Array.from({ length: count }, (_, i) => ({ id: first + i }));

export async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

export const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

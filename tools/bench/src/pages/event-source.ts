import { defineSource, list } from '@loadin/api-clients';

/** What the page server says when it is ready. */
export interface PageServer {
  readonly url: string;
  /** Of a page. */
  readonly bytes: number;
}

export const pageServer = new URL('./page-server.child.js', import.meta.url).pathname;

/** Declares the page server as a source. Its pages never end. */
const eventSource = (perSecond: number) =>
  defineSource({
    name: 'bench',
    title: 'Page server',
    baseUrl: 'http://127.0.0.1',
    auth: { kind: 'api-key', in: 'header', name: 'X-Api-Key' },
    rate: { windows: [{ limit: perSecond, windowMs: 1_000 }], pace: { perSecond, burst: perSecond }, maxInFlight: 16 },
    settings: { baseUrl: 'BENCH_URL', credentials: ['BENCH_KEY'] },
    endpoints: {
      events: {
        path: '/events',
        answer: list('_embedded.events'),
        paging: { kind: 'page', page: 'page', first: 0, perPage: 200 },
      },
    },
  });

/** Without a limit that counts, so that the client itself is what is measured. */
export const unlimitedEvents = eventSource(1_000_000);

/** Two calls a second above what Spotify was measured to take, and four times what Ticketmaster allows. */
export const limitedEvents = eventSource(20);

/** Not a secret: the page server looks at no key. */
export const apiKey = 'bench-key-0123456789';

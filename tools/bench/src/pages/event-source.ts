import { defineSource, list } from '@loadin/api-clients';

/** What the page server says when it is ready. */
export interface PageServer {
  readonly url: string;
  /** Of a page. */
  readonly bytes: number;
}

export const pageServer = new URL('./page-server.child.js', import.meta.url).pathname;

/** A source without a limit that counts, so that the client itself is what is measured. Its pages never end. */
export const unlimitedEvents = defineSource({
  name: 'bench',
  title: 'Page server',
  baseUrl: 'http://127.0.0.1',
  auth: { kind: 'api-key', in: 'header', name: 'X-Api-Key' },
  rate: { windows: [{ limit: 1_000_000, windowMs: 1_000 }], pace: { perSecond: 1_000_000, burst: 1_000_000 }, maxInFlight: 16 },
  settings: { baseUrl: 'BENCH_URL', credentials: ['BENCH_KEY'] },
  endpoints: {
    events: {
      path: '/events',
      answer: list('_embedded.events'),
      paging: { kind: 'page', page: 'page', first: 0, perPage: 200 },
    },
  },
});

/** Not a secret: the page server looks at no key. */
export const apiKey = 'bench-key-0123456789';

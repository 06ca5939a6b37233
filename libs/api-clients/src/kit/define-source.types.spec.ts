import type { Stream } from '@loadin/pipeline';
import { createManualClock } from '@loadin/testing';
import { defineSource } from './define-source.js';
import { list, one } from './shape.js';
import type { SourceAnswer, SourcePage } from './source.js';

/*
 * What the compiler makes sure of. Each `@ts-expect-error` is a pair that doesn't fit together: when it compiled, this file would not.
 */

interface Show {
  readonly id: string;
  readonly songs: number;
}
interface Artist {
  readonly name: string;
}

const common = {
  name: 'shows',
  title: 'Shows',
  baseUrl: 'https://shows.example',
  rate: { windows: [], pace: { perSecond: 1, burst: 1 } },
  settings: { baseUrl: 'API_SHOWS_BASE_URL', credentials: ['API_SHOWS_KEY'] },
} as const;

const shows = defineSource({
  ...common,
  auth: { kind: 'api-key', in: 'header', name: 'x-api-key' },
  failures: [{ on: 404, endpoints: ['artist'], then: 'refuse', code: 'not-found' }],
  endpoints: {
    artist: { path: '/artists/{id}', answer: one<Artist>(), absent: ['not-found'] },
    city: { path: '/cities/{id}', answer: one<{ readonly people: number }>() },
    shows: {
      path: '/artists/{artistId}/shows',
      params: { year: 'number?', order: 'string' },
      answer: list<Show, { readonly total: number }>('shows'),
      paging: { kind: 'page', page: 'p', size: 'n', perPage: 50, first: 1 },
    },
    changes: {
      path: '/changes',
      answer: list<Show>('items'),
      paging: { kind: 'since', parameter: 'since', cursor: 'updated_at', as: 'time', limit: 'limit', perPage: 100 },
    },
  },
  streams: {
    shows: { endpoint: 'shows', key: 'id', params: { order: 'id' }, partition: { parameter: 'artistId', owner: 'artist.id' } },
    loose: { endpoint: 'shows', key: 'id' },
    changes: { endpoint: 'changes', key: 'id', dataType: 'shows' },
  },
});
const open = defineSource({
  ...common,
  auth: { kind: 'none' },
  endpoints: { all: { path: '/all', answer: list<Show>(''), paging: { kind: 'single' } } },
  streams: { all: { endpoint: 'all', key: 'id' } },
});
const tokens = { title: 'Accounts', baseUrl: 'https://accounts.example', path: '/token', setting: 'API_ACCOUNTS_URL' } as const;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Takes a value of just this type. */
const takes =
  <Wanted>() =>
  <Given>(given: Given, ...same: Equal<Given, Wanted> extends true ? [] : [never]) => [given, same];

/** Compiled and never run. */
export function credentials(): void {
  open.connect();
  open.connect({ attempts: 1, clock: createManualClock(0) });
  shows.connect({ apiKey: 'k' });
  // @ts-expect-error a source without authentication takes no key
  open.connect({ apiKey: 'k' });
  // @ts-expect-error the key is missing
  shows.connect({});
  // @ts-expect-error so are the options with it
  shows.connect();
  // @ts-expect-error a key is not a client id
  shows.connect({ apiKey: 'k', clientId: 'i', clientSecret: 's' });
  const app = defineSource({ ...common, auth: { kind: 'client-credentials', tokens }, endpoints: {} });
  app.connect({ clientId: 'i', clientSecret: 's', tokenUrl: 'http://127.0.0.1' });
  // @ts-expect-error a client id without its secret
  app.connect({ clientId: 'i' });
  // @ts-expect-error a client id is not a key
  app.connect({ apiKey: 'k' });
  // @ts-expect-error where the key goes has to be said
  defineSource({ ...common, auth: { kind: 'api-key', name: 'x' }, endpoints: {} });
  // @ts-expect-error a query parameter has no word before the key
  defineSource({ ...common, auth: { kind: 'api-key', in: 'query', name: 'x', scheme: 'Bearer' }, endpoints: {} });
  // @ts-expect-error there are no tokens without a service that gives them
  defineSource({ ...common, auth: { kind: 'client-credentials' }, endpoints: {} });
  const artist = { path: '/artists/{id}', answer: one<Artist>(), absent: ['not-found'] } as const;
  const tracks = { path: '/artists/{id}/tracks', answer: one<Show[]>(''), optional: 'tracks: not for this app' } as const;
  defineSource({ ...common, auth: { kind: 'none' }, endpoints: { artist, tracks: { ...tracks, foundBy: 'artist' } } });
  // @ts-expect-error there is no such endpoint
  defineSource({ ...common, auth: { kind: 'none' }, endpoints: { artist, tracks: { ...tracks, foundBy: 'artists' } } });
}

export function calls(client: ReturnType<typeof shows.connect>): void {
  takes<Promise<SourceAnswer<Artist | null>>>()(client.get('artist', { id: 7 }));
  takes<Promise<SourceAnswer<{ readonly people: number }>>>()(client.get('city', { id: 'malmo' }));
  takes<Promise<SourcePage<Show, { readonly total: number }>>>()(client.page('shows', { artistId: 7, order: 'id' }));
  client.pages('shows', { artistId: 'x', order: 'id', year: 2024 }, { size: 10 });
  client.pages('changes');
  client.pages('changes', { since: '2024-01-15T10:30:00Z' });
  // @ts-expect-error the path needs an id
  client.get('artist', {});
  // @ts-expect-error `order` is needed
  client.pages('shows', { artistId: 7 });
  // @ts-expect-error a year is a number
  client.pages('shows', { artistId: 7, order: 'id', year: '2024' });
  // @ts-expect-error there is no such parameter
  client.pages('shows', { artistId: 7, order: 'id', genre: 'grime' });
  // @ts-expect-error a list is not one value
  client.get('shows', { artistId: 7, order: 'id' });
  // @ts-expect-error one value has no pages
  client.pages('artist', { id: 7 });
  // @ts-expect-error there is no such endpoint
  client.get('venue', { id: 7 });
}

export function streams(client: ReturnType<typeof shows.connect>): void {
  takes<Stream>()(open.stream('all', { client: open.connect() }));
  takes<Stream>()(shows.stream('changes', { client, since: '2024-01-15T10:30:00Z' }));
  shows.stream('shows', { client, values: [7], params: { year: 2024 } });
  shows.stream('loose', { client, params: { artistId: 7, order: 'id' } });
  // @ts-expect-error the values of the partition are missing
  shows.stream('shows', { client });
  // @ts-expect-error this stream has no partition
  shows.stream('changes', { client, values: [7] });
  // @ts-expect-error its partition decides artistId
  shows.stream('shows', { client, values: [7], params: { artistId: 8 } });
  // @ts-expect-error the parameters that the path needs are missing
  shows.stream('loose', { client });
  // @ts-expect-error only a list by since begins with a cursor
  shows.stream('shows', { client, values: [7], since: '2024-01-15T10:30:00Z' });
  // @ts-expect-error a client of another source
  shows.stream('changes', { client: open.connect() });
  // @ts-expect-error there is no such stream
  shows.stream('venues', { client });
}

export function declarations(): void {
  const auth = { kind: 'none' } as const;
  const answer = list<Show>('shows');
  const paging = { kind: 'single' } as const;
  const offset = { kind: 'offset', offset: 'o', limit: 'l', perPage: 10 } as const;
  // @ts-expect-error one value is not paged
  defineSource({ ...common, auth, endpoints: { one: { path: '/one', answer: one<Show>(), paging } } });
  // @ts-expect-error how a list is paged has to be said
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer } } });
  // @ts-expect-error a path begins with a slash
  defineSource({ ...common, auth, endpoints: { all: { path: 'all', answer, paging } } });
  // @ts-expect-error where pages begin has to be said
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: { kind: 'page', page: 'p', perPage: 10 } } } });
  // @ts-expect-error an offset has no first page
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: { ...offset, first: 0 } } } });
  // @ts-expect-error a link in the header is not in the body too
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: { kind: 'link', in: 'header', next: 'next' } } } });
  // @ts-expect-error a link in the body has a path
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: { kind: 'link', in: 'body' } } } });
  const since = { kind: 'since', parameter: 'since', cursor: 'at', as: 'time' } as const;
  // @ts-expect-error a keyset knows how many records a page has
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: since } } });
  // @ts-expect-error pages of their own, or a keyset
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging: { ...since, perPage: 10, pages: paging } } } });
  const endpoints = { all: { path: '/all', params: { city: 'string' }, answer, paging }, one: { path: '/one', answer: one<Show>() } } as const;
  // @ts-expect-error a line of the failure table for an endpoint that is not there
  defineSource({ ...common, auth, endpoints, failures: [{ on: 404, endpoints: ['none'], then: 'refuse', code: 'not-found' }] });
  // @ts-expect-error a stream of an endpoint that is not there
  defineSource({ ...common, auth, endpoints, streams: { none: { endpoint: 'none', key: 'id' } } });
  // @ts-expect-error a stream reads lists
  defineSource({ ...common, auth, endpoints, streams: { one: { endpoint: 'one', key: 'id' } } });
  // @ts-expect-error a partition by a parameter that the endpoint doesn't have
  defineSource({ ...common, auth, endpoints, streams: { all: { endpoint: 'all', key: 'id', partition: { parameter: 'country' } } } });
  const page = { kind: 'page', page: 'p', perPage: 10, first: 0 } as const;
  const windows = { items: 'shows', total: 'total', time: { from: 'from', to: 'to', startOf: () => NaN } } as const;
  const capped = defineSource({
    ...common,
    auth,
    endpoints: { all: { path: '/all', answer, paging: { ...page, maxItems: 100 } } },
    streams: { all: { endpoint: 'all', key: 'id', windows } },
  });
  capped.stream('all', { client: capped.connect(), horizonDays: 30 });
  // @ts-expect-error how far a search by windows reads has to be said
  capped.stream('all', { client: capped.connect() });
  const uncapped = { all: { path: '/all', answer, paging: page } } as const;
  // @ts-expect-error a search that gives everything needs no windows
  defineSource({ ...common, auth, endpoints: uncapped, streams: { all: { endpoint: 'all', key: 'id', windows } } });
  // @ts-expect-error nothing is called so: a slip of the pen is no declaration
  defineSource({ ...common, auth, endpoints: { all: { path: '/all', answer, paging, abesnt: ['not-found'] } } });
  // @ts-expect-error nor in a stream
  defineSource({ ...common, auth, endpoints, streams: { all: { endpoint: 'all', key: 'id', partitions: { parameter: 'city' } } } });
  // @ts-expect-error nor in the source
  defineSource({ ...common, auth, endpoints, rates: {} });
  // @ts-expect-error a city is a text
  defineSource({ ...common, auth, endpoints, streams: { all: { endpoint: 'all', key: 'id', params: { city: 7 } } } });
}

describe('the types of a declared source', () => {
  it('are inferred from its declaration', () => {
    expect([shows.name, open.name]).toEqual(['shows', 'shows']);
  });
});

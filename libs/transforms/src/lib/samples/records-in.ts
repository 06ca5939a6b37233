import type { DataType } from '../types.js';

const TYPES: Readonly<Record<string, DataType>> = { artist: 'artists', venue: 'venues', event: 'events', attraction: 'attractions', track: 'tracks' };

/** The data type of a source's record, by the `type` that it gives itself; undefined when it gives none, or another. */
export function dataTypeOf(raw: unknown): DataType | undefined {
  const type = typeof raw === 'object' && raw !== null ? (raw as { type?: unknown }).type : undefined;
  return typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}

/**
 * The records of a body: the entries of a list, those of a page of Spotify (`artists.items`, `artists`, `tracks`) or Ticketmaster (`_embedded.events`,
 * …), those of a line of landed pages (its heading has none), or the one record that it is. An empty page of Ticketmaster, which has no `_embedded`, has none.
 */
export function recordsIn(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null || 'id' in body) return [body];
  const { artists, tracks, items, records, landing, _embedded: embedded, page } = body as Record<string, unknown>;
  for (const list of [items, records, listOf(artists), listOf(tracks)]) if (Array.isArray(list)) return list;
  if (typeof embedded === 'object' && embedded !== null) return Object.values(embedded).flatMap((list: unknown) => (Array.isArray(list) ? list : []));
  return page === undefined && typeof landing !== 'number' ? [body] : [];
}

const listOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { items?: unknown }).items : value;

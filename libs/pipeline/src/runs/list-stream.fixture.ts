import type { Json, Note, Page, Parsed, Slice, Stream } from '../index.js';

export interface ListStreamOptions {
  readonly id?: string;
  /** Pages of records, one list of pages a slice. */
  readonly slices: readonly (readonly (readonly Json[])[])[];
  readonly readsAfter?: readonly string[];
  readonly belongs?: Stream['belongs'];
  readonly notes?: (slice: number, page: number) => readonly Note[] | undefined;
  /** Called before a page is given; what it throws is the source's failure. */
  readonly onPage?: (slice: number, page: number) => void;
}

/** A source that holds lists, and counts which pages it was asked for. */
export function createListStream(options: ListStreamOptions): Stream & { readonly asked: string[] } {
  const id = options.id ?? 'spotify.artists';
  const [source = '', dataType = ''] = id.split('.');
  const asked: string[] = [];
  return {
    id,
    source,
    dataType,
    readMode: 'full',
    readsAfter: options.readsAfter,
    belongs: options.belongs,
    asked,
    plan: () => options.slices.map((_, ordinal): Slice => ({ ordinal, name: `slice ${ordinal}`, bounds: {} })),
    key: (raw) => (raw !== null && typeof raw === 'object' && 'id' in raw ? String(raw.id) : undefined),
    async *read({ ordinal }, { after }): AsyncGenerator<Page> {
      const pages = options.slices[ordinal] ?? [];
      for (let page = typeof after === 'number' ? after : 0; page < pages.length; page += 1) {
        options.onPage?.(ordinal, page);
        asked.push(`${ordinal}/${page}`);
        const position = page === pages.length - 1 ? null : page + 1;
        yield { records: pages[page] ?? [], position, request: `GET /${id}?page=${page}`, notes: options.notes?.(ordinal, page) };
      }
    },
  };
}

/** Accepts what has a name; the normalized record is an artist. */
export function toArtist(raw: Json): Parsed {
  if (raw === null || typeof raw !== 'object' || !('name' in raw) || typeof raw.name !== 'string') {
    return { ok: false, reasons: [{ path: 'name', message: 'is missing' }] };
  }
  const id = `spotify_${'id' in raw ? String(raw.id) : ''}`;
  return { ok: true, id, record: { artist_id: id, name: raw.name } };
}

export const artists = (from: number, count: number): Json[] =>
  Array.from({ length: count }, (_, i) => ({ id: `a${from + i}`, name: `Artist ${from + i}` }));

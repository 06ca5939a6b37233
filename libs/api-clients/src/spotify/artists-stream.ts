import type { Json, Note, Page, ReadOptions, Slice, Stream } from '@loadin/pipeline';
import type { CapabilityName } from './capabilities.js';
import type { SpotifyClient } from './client.js';

export interface SpotifyArtistsStreamOptions {
  readonly client: SpotifyClient;
  /** Searches, in Spotify's query language: `genre:"indie rock"`, `artist:Nina`. Default: none. */
  readonly queries?: readonly string[];
  /** Ids of artists that are followed. Default: none. */
  readonly ids?: readonly string[];
  /** Results of each search that are read, whole pages. Default 1,000: all that the source gives. */
  readonly maxPerQuery?: number;
}

/** What to ask next. */
type Position = { readonly phase: 'search'; readonly index: number; readonly offset: number } | { readonly phase: 'ids'; readonly index: number };

/** Ids of one page: the batch endpoint's maximum, and few enough that single calls are landed often when the batch is withheld. */
const idsPerBatch = 50;
const idsOneByOne = 10;

/**
 * `spotify.artists`: the results of searches, then artists by id. Searches overlap, so all of it is one slice and an artist is delivered
 * once. An id that Spotify doesn't know is a `null` record, which is skipped and counted.
 */
export function createSpotifyArtistsStream({ client, queries = [], ids = [], maxPerQuery = 1_000 }: SpotifyArtistsStreamOptions): Stream {
  return {
    id: 'spotify.artists',
    source: 'spotify',
    dataType: 'artists',
    readMode: 'full',
    plan: () => [{ ordinal: 0, name: 'search+ids', bounds: { queries: [...new Set(queries)], ids: [...new Set(ids)], maxPerQuery } }],
    key: (raw) => stringField(raw, 'id'),
    read: (slice, options) => read(client, slice, options),
  };
}

async function* read(client: SpotifyClient, slice: Slice, options: ReadOptions): AsyncGenerator<Page> {
  const { queries, ids, maxPerQuery } = slice.bounds as { queries: readonly string[]; ids: readonly string[]; maxPerQuery: number };
  const from = (wanted: Position): Position | null => {
    if (wanted.phase === 'search' && wanted.index < queries.length) return wanted;
    const at = wanted.phase === 'ids' ? wanted.index : 0;
    return at < ids.length ? { phase: 'ids', index: at } : null;
  };
  const reported = new Set<CapabilityName>();
  let position = from((options.after as Position | null) ?? { phase: 'search', index: 0, offset: 0 });
  if (position === null) yield { records: [], position: null, request: 'no queries and no ids' };
  while (position !== null) {
    const asked: Position = position;
    const answer =
      asked.phase === 'search'
        ? await searched(client, queries[asked.index] ?? '', maxPerQuery, asked, options)
        : await byId(client, ids, asked.index, options);
    position = from(answer.next);
    yield { records: answer.records, position, request: answer.request, notes: notesOn(client, answer.records, reported) };
  }
}

interface Answer {
  readonly records: readonly Json[];
  readonly request: string;
  readonly next: Position;
}

async function searched(
  client: SpotifyClient,
  query: string,
  max: number,
  { index, offset }: Position & { phase: 'search' },
  options: ReadOptions,
): Promise<Answer> {
  const { artists, nextOffset, request } = await client.searchArtistsPage(query, offset, options);
  const ended = nextOffset === null || nextOffset >= max;
  const next: Position = ended ? { phase: 'search', index: index + 1, offset: 0 } : { phase: 'search', index, offset: nextOffset };
  return { records: artists as unknown as readonly Json[], request, next };
}

async function byId(client: SpotifyClient, ids: readonly string[], index: number, options: ReadOptions): Promise<Answer> {
  const oneByOne = client.capabilities.some(({ name }) => name === 'several-artists');
  const batch = ids.slice(index, index + (oneByOne ? idsOneByOne : idsPerBatch));
  const { value, request } = await client.artists(batch, options);
  return { records: value as unknown as readonly Json[], request, next: { phase: 'ids', index: index + batch.length } };
}

/** Each missing capability once in a read, on the page that showed it. */
function notesOn(client: SpotifyClient, records: readonly Json[], reported: Set<CapabilityName>): Note[] | undefined {
  const notes: Note[] = [];
  const report = (name: CapabilityName, message: string): void => {
    if (reported.has(name)) return;
    reported.add(name);
    notes.push({ kind: 'capability', message });
  };
  for (const { name, message } of client.capabilities) report(name, message);
  const bare = records.some(
    (raw) => raw !== null && typeof raw === 'object' && !('followers' in raw) && !('popularity' in raw) && !('genres' in raw),
  );
  if (bare) report('artist-details', 'followers, popularity and genres: not available to this app');
  return notes.length === 0 ? undefined : notes;
}

function stringField(raw: Json, name: string): string | undefined {
  const value = raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? (raw as { readonly [key: string]: Json })[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import { FatalError, type Json, type Note, type Page, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import type { CallOptions } from '../http/types.js';
import { unknownIds } from '../unknown-ids.js';
import type { CapabilityName } from './capabilities.js';
import type { SpotifyClient } from './client.js';
import { foldedName, nameQuery } from './names.js';
import { textIn } from './text-in.js';

export interface SpotifyArtistsStreamOptions {
  readonly client: SpotifyClient;
  /** Searches, in Spotify's query language: `genre:"indie rock"`, `artist:Nina`. Default: none. */
  readonly queries?: readonly string[];
  /** Ids of artists that are followed. Default: none. */
  readonly ids?: readonly string[];
  /**
   * Names of artists that are followed: all artists of exactly this name, whatever its case, accents and spaces. A name that no artist has is
   * a `null` record and a note. Default: none.
   */
  readonly names?: readonly string[];
  /** Results of each search that are read, whole pages. Default 1,000: all that the source gives. */
  readonly maxPerQuery?: number;
  /** Results of the search for a name that are looked at, whole pages. Default 50: artists of just that name come first. */
  readonly maxPerName?: number;
}

/** What to ask next. `found`: whether an earlier page had an artist of the name. */
type Position =
  | { readonly phase: 'search'; readonly index: number; readonly offset: number }
  | { readonly phase: 'names'; readonly index: number; readonly offset: number; readonly found?: true }
  | { readonly phase: 'ids'; readonly index: number };

/** Plans of earlier versions know no names. */
interface Bounds {
  readonly queries: readonly string[];
  readonly ids: readonly string[];
  readonly maxPerQuery: number;
  readonly names?: readonly string[];
  readonly maxPerName?: number;
}

const id = 'spotify.artists';

/** Ids of one page: the batch endpoint's maximum, and few enough that single calls are landed often when the batch is withheld. */
const idsPerBatch = 50;
const idsOneByOne = 10;

/**
 * `spotify.artists`: the results of searches, then artists by name, then by id. Searches overlap, so all of it is one slice and an artist is
 * delivered once. A name or id that Spotify doesn't know is a `null` record, which is skipped and counted, and a note. Throws `FatalError` for an empty name.
 */
export function createSpotifyArtistsStream(options: SpotifyArtistsStreamOptions): Stream {
  const { client, queries = [], ids = [], names = [], maxPerQuery = 1_000, maxPerName = 50 } = options;
  if (names.some((name) => foldedName(name) === '')) throw new FatalError('one of the names to follow is empty', { where: id });
  return {
    id,
    source: 'spotify',
    dataType: 'artists',
    readMode: 'full',
    plan: () => {
      const bounds = { queries: [...new Set(queries)], ids: [...new Set(ids)], maxPerQuery };
      if (names.length === 0) return [{ ordinal: 0, name: 'search+ids', bounds }];
      return [{ ordinal: 0, name: 'search+names+ids', bounds: { ...bounds, names: [...new Set(names)], maxPerName } }];
    },
    key: (raw) => textIn(raw, 'id'),
    read: (slice, readOptions) => read(client, slice, readOptions),
  };
}

async function* read(client: SpotifyClient, slice: Slice, options: ReadOptions): AsyncGenerator<Page> {
  const bounds = slice.bounds as unknown as Bounds;
  const { signal, meter, logger } = options;
  const callOptions = { signal, meter, logger, lane: id };
  const reported = new Set<CapabilityName>();
  let position = existing((options.after as Position | null) ?? { phase: 'search', index: 0, offset: 0 }, bounds);
  if (position === null) yield { records: [], position: null, request: 'no queries and no ids' };
  while (position !== null) {
    const answer = await ask(client, bounds, position, callOptions);
    position = existing(answer.next, bounds);
    yield { records: answer.records, position, request: answer.request, notes: notesOn(client, answer, reported) };
  }
}

/** The next thing that is to be asked from a position on; `null` when there is nothing more. */
function existing(wanted: Position, { queries, ids, names = [] }: Bounds): Position | null {
  if (wanted.phase === 'search' && wanted.index < queries.length) return wanted;
  if (wanted.phase === 'names' && wanted.index < names.length) return wanted;
  if (wanted.phase === 'search' && names.length > 0) return { phase: 'names', index: 0, offset: 0 };
  const at = wanted.phase === 'ids' ? wanted.index : 0;
  return at < ids.length ? { phase: 'ids', index: at } : null;
}

function ask(client: SpotifyClient, bounds: Bounds, asked: Position, options: CallOptions): Promise<Answer> {
  const { queries, ids, names = [], maxPerQuery, maxPerName = 0 } = bounds;
  if (asked.phase === 'search') return searched(client, queries[asked.index] ?? '', maxPerQuery, asked, options);
  if (asked.phase === 'names') return named(client, names[asked.index] ?? '', maxPerName, asked, options);
  return byId(client, ids, asked.index, options);
}

interface Answer {
  readonly records: readonly Json[];
  readonly request: string;
  readonly next: Position;
  /** What was asked for and is not there, in words. */
  readonly unknown?: string;
}

async function searched(
  client: SpotifyClient,
  query: string,
  max: number,
  { index, offset }: Position & { phase: 'search' },
  options: CallOptions,
): Promise<Answer> {
  const { artists, nextOffset, request } = await client.searchArtistsPage(query, offset, options);
  const ended = nextOffset === null || nextOffset >= max;
  const next: Position = ended ? { phase: 'search', index: index + 1, offset: 0 } : { phase: 'search', index, offset: nextOffset };
  return { records: artists as unknown as readonly Json[], request, next };
}

async function named(
  client: SpotifyClient,
  name: string,
  max: number,
  { index, offset, found: before }: Position & { phase: 'names' },
  options: CallOptions,
): Promise<Answer> {
  const { artists, nextOffset, request } = await client.searchArtistsPage(nameQuery(name), offset, options);
  const wanted = foldedName(name);
  const records = (artists as unknown as readonly Json[]).filter((raw) => foldedName(textIn(raw, 'name') ?? '') === wanted);
  const found = before === true || records.length > 0;
  const ended = nextOffset === null || nextOffset >= max;
  if (!ended) return { records, request, next: { phase: 'names', index, offset: nextOffset, ...(found && { found }) } };
  const next: Position = { phase: 'names', index: index + 1, offset: 0 };
  return found ? { records, request, next } : { records: [null], request, next, unknown: `no artist has the name "${name}"` };
}

async function byId(client: SpotifyClient, ids: readonly string[], index: number, options: CallOptions): Promise<Answer> {
  const oneByOne = client.capabilities.some(({ name }) => name === 'several-artists');
  const batch = ids.slice(index, index + (oneByOne ? idsOneByOne : idsPerBatch));
  const { value, request } = await client.artists(batch, options);
  const found = new Set(value.map((artist) => artist?.id));
  const gone = value.includes(null) ? batch.filter((each) => !found.has(each)) : [];
  const next: Position = { phase: 'ids', index: index + batch.length };
  return { records: value as unknown as readonly Json[], request, next, ...(gone.length > 0 && { unknown: unknownIds('artist', gone) }) };
}

/** Each missing capability once in a read, on the page that showed it; and what the page was asked for in vain. */
function notesOn(client: SpotifyClient, { records, unknown }: Answer, reported: Set<CapabilityName>): Note[] | undefined {
  const notes: Note[] = unknown === undefined ? [] : [{ kind: 'skipped', message: unknown }];
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

import { FatalError, type Json, type JsonObject, type Page, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import type { SpotifyClient } from './client.js';
import { textIn } from './text-in.js';

export interface SpotifyTopTracksStreamOptions {
  readonly client: SpotifyClient;
  /** ISO 3166-1: `SE`. What is popular, and may be played, differs. */
  readonly market: string;
  /** Ids of artists. Default: none. */
  readonly artistIds?: readonly string[];
  /** Whether the artists of this run's `spotify.artists` count too; then it reads after them. Default false. */
  readonly fromArtists?: boolean;
}

const id = 'spotify.tracks';
const artists = 'spotify.artists';

interface Bounds {
  readonly market: string;
  readonly artistIds: readonly string[];
  readonly fromArtists: boolean;
}

/**
 * `spotify.tracks`: the top tracks of artists, one call and one page for each. Artists share tracks, so all of it is one slice and a track is delivered
 * once. An app that doesn't get top tracks has none: that is a note, and the slice is complete. Throws `FatalError` for a market that is none.
 */
export function createSpotifyTopTracksStream(options: SpotifyTopTracksStreamOptions): Stream {
  const { client, market, artistIds = [], fromArtists = false } = options;
  if (!/^[A-Z]{2}$/.test(market)) throw new FatalError(`market "${market}" is not a code of two capitals like SE`, { where: id });
  return {
    id,
    source: 'spotify',
    dataType: 'tracks',
    readMode: 'full',
    ...(fromArtists && { readsAfter: [artists] }),
    plan: () => {
      const bounds = { market, artistIds: [...new Set(artistIds)], fromArtists };
      return [{ ordinal: 0, name: 'top tracks', bounds: bounds as unknown as JsonObject }];
    },
    key: (raw) => textIn(raw, 'id'),
    read: (slice, readOptions) => read(client, slice, readOptions),
  };
}

async function* read(client: SpotifyClient, { bounds }: Slice, options: ReadOptions): AsyncGenerator<Page> {
  const { market, artistIds, fromArtists } = bounds as unknown as Bounds;
  const { signal, meter, logger } = options;
  const ids = await artistsOf(artistIds, fromArtists ? options.landed(artists) : undefined);
  if (ids.length === 0) yield { records: [], position: null, request: 'no artists' };
  const begin = options.after === null ? 0 : Number((options.after as JsonObject)['artist']);
  for (const [index, artistId] of ids.entries()) {
    if (index < begin) continue;
    const { value, request } = await client.topTracks(artistId, { market, signal, meter, logger, lane: id });
    const withheld = value === null ? client.capabilities.find(({ name }) => name === 'top-tracks') : undefined;
    if (withheld !== undefined) {
      yield { records: [], position: null, request, notes: [{ kind: 'capability', message: withheld.message }] };
      return;
    }
    yield { records: (value ?? []) as unknown as readonly Json[], position: index + 1 < ids.length ? { artist: index + 1 } : null, request };
  }
}

/** For every attempt the same ones in the same order: what was landed stays. */
async function artistsOf(artistIds: readonly string[], pages: AsyncIterable<Page> | undefined): Promise<readonly string[]> {
  const ids = new Set(artistIds);
  for await (const { records } of pages ?? []) {
    for (const raw of records) {
      const each = textIn(raw, 'id');
      if (each !== undefined) ids.add(each);
    }
  }
  return [...ids];
}

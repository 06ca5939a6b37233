/**
 * What the Spotify Web API answers, as documented and as really seen (developer.spotify.com/documentation/web-api/reference).
 * `?` is a field that is sometimes not there, `| null` one that is there without a value.
 */
export interface SpotifyImage {
  readonly url: string;
  /** Pixels. */
  readonly height?: number | null;
  readonly width?: number | null;
}

export interface SpotifyArtist {
  readonly id: string;
  readonly name: string;
  readonly type?: 'artist';
  readonly uri?: string;
  readonly href?: string;
  readonly external_urls?: { readonly spotify?: string };
  /** Empty for artists without a picture. */
  readonly images?: readonly SpotifyImage[];
  /** Deprecated; missing for apps in development mode, as are `popularity` and `genres`. */
  readonly followers?: { readonly href?: string | null; readonly total?: number | null } | null;
  /** 0 to 100. */
  readonly popularity?: number | null;
  readonly genres?: readonly string[] | null;
}

export interface SpotifyAlbum {
  readonly id: string | null;
  readonly name: string;
  readonly type?: 'album';
  readonly album_type?: string;
  readonly uri?: string | null;
  readonly href?: string | null;
  readonly external_urls?: { readonly spotify?: string };
  readonly images?: readonly SpotifyImage[];
  readonly artists?: readonly (SpotifyArtist | null)[];
  readonly release_date?: string | null;
  readonly release_date_precision?: 'year' | 'month' | 'day' | null;
  readonly total_tracks?: number;
}

export interface SpotifyTrack {
  readonly id: string;
  readonly name: string;
  readonly type?: 'track';
  readonly uri?: string;
  readonly href?: string;
  readonly album?: SpotifyAlbum;
  readonly artists?: readonly (SpotifyArtist | null)[];
  readonly disc_number?: number;
  readonly track_number?: number;
  readonly duration_ms?: number;
  readonly explicit?: boolean;
  readonly external_ids?: { readonly isrc?: string };
  readonly external_urls?: { readonly spotify?: string };
  readonly is_local?: boolean;
  readonly is_playable?: boolean;
  /** 0 to 100; deprecated. */
  readonly popularity?: number | null;
  readonly preview_url?: string | null;
}

/** One page of `GET /v1/search`; entries of artists that are gone are null, and `total` differs from page to page. */
export interface SpotifyPaging<Item> {
  readonly href?: string;
  readonly items: readonly (Item | null)[];
  readonly limit?: number;
  readonly offset?: number;
  /** Also there when the service will refuse the page that it points to. */
  readonly next?: string | null;
  readonly previous?: string | null;
  readonly total?: number;
}

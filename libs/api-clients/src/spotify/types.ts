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

/** Where else it is found; `spotify` is the page on open.spotify.com. */
export interface SpotifyExternalUrls {
  readonly spotify?: string;
}

/** An artist as tracks and albums name it. */
export interface SpotifySimplifiedArtist {
  readonly id: string;
  readonly name: string;
  readonly type?: 'artist';
  readonly uri?: string;
  readonly href?: string;
  readonly external_urls?: SpotifyExternalUrls;
}

export interface SpotifyArtist extends SpotifySimplifiedArtist {
  /** Empty for artists without a picture. */
  readonly images?: readonly SpotifyImage[];
  /** Deprecated; missing for apps in development mode, as are `popularity` and `genres`. */
  readonly followers?: { readonly href?: string | null; readonly total?: number | null } | null;
  /** 0 to 100. */
  readonly popularity?: number | null;
  readonly genres?: readonly string[] | null;
}

/** Why the market doesn't get it: `market`, `product`, `explicit`. */
export interface SpotifyRestrictions {
  readonly reason?: string;
}

export interface SpotifyAlbum {
  readonly id: string | null;
  readonly name: string;
  readonly type?: 'album';
  /** `album`, `single`, `compilation`. */
  readonly album_type?: string;
  readonly uri?: string | null;
  readonly href?: string | null;
  readonly external_urls?: SpotifyExternalUrls;
  readonly images?: readonly SpotifyImage[];
  readonly artists?: readonly (SpotifySimplifiedArtist | null)[];
  /** As many parts of `YYYY-MM-DD` as `release_date_precision` says. */
  readonly release_date?: string | null;
  readonly release_date_precision?: 'year' | 'month' | 'day' | null;
  readonly total_tracks?: number;
  /** ISO 3166-1 alpha-2; deprecated. */
  readonly available_markets?: readonly string[];
  readonly restrictions?: SpotifyRestrictions;
}

export interface SpotifyTrack {
  readonly id: string;
  readonly name: string;
  readonly type?: 'track';
  readonly uri?: string;
  readonly href?: string;
  readonly album?: SpotifyAlbum;
  readonly artists?: readonly (SpotifySimplifiedArtist | null)[];
  readonly disc_number?: number;
  readonly track_number?: number;
  /** Milliseconds. */
  readonly duration_ms?: number;
  readonly explicit?: boolean;
  /** `isrc` International Standard Recording Code, `ean` and `upc` product codes. */
  readonly external_ids?: { readonly isrc?: string; readonly ean?: string; readonly upc?: string };
  readonly external_urls?: SpotifyExternalUrls;
  readonly is_local?: boolean;
  readonly is_playable?: boolean;
  /** The track that was asked for, when the market gets another one in its place; deprecated. */
  readonly linked_from?: {
    readonly id?: string;
    readonly type?: string;
    readonly uri?: string;
    readonly href?: string;
    readonly external_urls?: SpotifyExternalUrls;
  };
  readonly restrictions?: SpotifyRestrictions;
  /** ISO 3166-1 alpha-2; deprecated. */
  readonly available_markets?: readonly string[];
  /** 0 to 100; deprecated. */
  readonly popularity?: number | null;
  /** 30 seconds of it as MP3; deprecated. */
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

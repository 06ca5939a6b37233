import { IsOptional } from 'class-validator';
import {
  IsBetween,
  IsCount,
  IsEntityId,
  IsEntityIdList,
  IsFlag,
  IsOneOf,
  IsPartialDate,
  IsSourceId,
  IsText,
  ListOf,
} from '../validation/constraints.js';
import { ArtistReference } from './artist-reference.js';

/** How much of a date is known. */
export const DATE_PRECISIONS = ['year', 'month', 'day'] as const;
export type DatePrecision = (typeof DATE_PRECISIONS)[number];

/**
 * A track of Spotify. Source: the items of `GET /v1/artists/{id}/top-tracks`, which apps in development mode are refused. A track has no rank here: one
 * that is among the top tracks of several artists has several, and is still one record.
 */
export class Track {
  /** `spotify_` and the source's `id`. Primary and partition key. */
  @IsEntityId('spotify')
  track_id!: string;

  /** `name`. Null: the source gives none. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** The ids of `artists`, in the source's order, each as an artist's `artist_id`. Null: the track comes without the list. */
  @IsOptional()
  @IsEntityIdList('spotify')
  artist_ids!: string[] | null;

  /** `artists` with their names, in the source's order. Null: the track comes without the list. */
  @IsOptional()
  @ListOf(() => ArtistReference)
  artists!: ArtistReference[] | null;

  /** `spotify_` and `album.id`. Null: the source gives none. */
  @IsOptional()
  @IsEntityId('spotify')
  album_id!: string | null;

  /** `album.name`. Null: the source gives none, as after a takedown. */
  @IsOptional()
  @IsText()
  album_name!: string | null;

  /** `album.album_type`, such as `album`, `single`, `compilation`. */
  @IsOptional()
  @IsText()
  album_type!: string | null;

  /** `album.release_date`, as far as it is known: `1981`, `1981-12` or `1981-12-15`. Null: unknown, which the source also writes as 0000. */
  @IsOptional()
  @IsPartialDate()
  album_release_date!: string | null;

  /** `album.release_date_precision`: how much of `album_release_date` is known, and is written there. Null with it. */
  @IsOptional()
  @IsOneOf(DATE_PRECISIONS)
  album_release_date_precision!: DatePrecision | null;

  /** `disc_number`, from 1. */
  @IsOptional()
  @IsCount()
  disc_number!: number | null;

  /** `track_number` on its disc, from 1. */
  @IsOptional()
  @IsCount()
  track_number!: number | null;

  /** `duration_ms`, milliseconds. */
  @IsOptional()
  @IsCount()
  duration_ms!: number | null;

  /** `explicit`: its words are. False: they are not, or the source doesn't know. Null: the source does not say. */
  @IsOptional()
  @IsFlag()
  explicit!: boolean | null;

  /** `external_ids.isrc`, International Standard Recording Code. Null: the source gives none. */
  @IsOptional()
  @IsText()
  isrc!: string | null;

  /** `popularity`, 0 to 100, 100 the most popular; 0 is a real value. Null: withheld from this app. */
  @IsOptional()
  @IsBetween(0, 100)
  popularity_score!: number | null;

  /** The address of the widest of `album.images`. Null: no image. */
  @IsOptional()
  @IsText()
  image_url!: string | null;

  /** `external_urls.spotify`, the track's page. Null: the source gives none. */
  @IsOptional()
  @IsText()
  url!: string | null;

  /** `id`, without a prefix. */
  @IsSourceId()
  spotify_id!: string;

  /** Always `spotify`. */
  @IsOneOf(['spotify'])
  source!: 'spotify';
}

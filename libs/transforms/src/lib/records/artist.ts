import { IsOptional } from 'class-validator';
import { IsBetween, IsCount, IsEntityId, IsOneOf, IsSourceId, IsText, IsTextList } from '../validation/constraints.js';

/**
 * An artist of Spotify. Source: `GET /v1/artists/{id}` and the items of `GET /v1/search?type=artist`.
 * Apps in development mode are not given followers, genres and popularity: these are null then, never 0 or [].
 */
export class Artist {
  /** `spotify_` and the source's `id`. Primary and partition key. */
  @IsEntityId('spotify')
  artist_id!: string;

  /** `name`. Null: the source gives none. Two artists may have the same name. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** `genres`, in the source's order. Null: withheld from this app; [] : the source knows of none. */
  @IsOptional()
  @IsTextList()
  genre!: string[] | null;

  /** `popularity`, 0 to 100, 100 the most popular; 0 is a real value. Null: withheld from this app. */
  @IsOptional()
  @IsBetween(0, 100)
  popularity_score!: number | null;

  /** `followers.total`, number of users; 0 is a real value. Null: withheld from this app. */
  @IsOptional()
  @IsCount()
  followers!: number | null;

  /** `id`, without a prefix. */
  @IsSourceId()
  spotify_id!: string;

  /** The address of the widest of `images`. Null: no image. */
  @IsOptional()
  @IsText()
  image_url!: string | null;

  /** `external_urls.spotify`, the artist's page. Null: the source gives none. */
  @IsOptional()
  @IsText()
  external_url!: string | null;

  /** Always `spotify`. */
  @IsOneOf(['spotify'])
  source!: 'spotify';
}

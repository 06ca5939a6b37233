import { IsOptional } from 'class-validator';
import { IsEntityId, IsText } from '../validation/constraints.js';

/** Who performs a track. Source: a track's `artists`. */
export class ArtistReference {
  /** `spotify_` and the artist's `id`. Joins to an artist's `artist_id`. Null: the source gives none. */
  @IsOptional()
  @IsEntityId('spotify')
  artist_id!: string | null;

  /** `name`. Null: the source gives none. */
  @IsOptional()
  @IsText()
  name!: string | null;
}

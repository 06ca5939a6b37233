import { IsOptional } from 'class-validator';
import { IsEntityId, IsPattern, IsText } from '../validation/constraints.js';

/** Who or what is on at a concert. Source: an event's `_embedded.attractions`. */
export class AttractionReference {
  /** `ticketmaster_` and the attraction's `id`. Null: the source gives none. */
  @IsOptional()
  @IsEntityId('ticketmaster')
  attraction_id!: string | null;

  /** `name`. Null: left out, as under some locales. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** The artist's Spotify id in `externalLinks.spotify[].url`: joins to `spotify_id` of an artist. Null: no such link. */
  @IsOptional()
  @IsPattern(/^[0-9A-Za-z]{22}$/, 'a Spotify id of 22 letters and digits')
  spotify_id!: string | null;
}

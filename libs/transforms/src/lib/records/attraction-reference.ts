import { IsOptional } from 'class-validator';
import { IsEntityId, IsOneOf, IsPattern, IsText } from '../validation/constraints.js';
import { SPOTIFY_ID, SPOTIFY_LINKS, type SpotifyLink } from './spotify-link.js';

/** Who or what is on at a concert. Source: an event's `_embedded.attractions`. */
export class AttractionReference {
  /** `ticketmaster_` and the attraction's `id`. Joins to an attraction's `attraction_id`. Null: the source gives none. */
  @IsOptional()
  @IsEntityId('ticketmaster')
  attraction_id!: string | null;

  /** `name`. Null: left out, as under some locales. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** The artist's Spotify id in `externalLinks.spotify[].url`: joins to `spotify_id` of an artist. Null: no such link. */
  @IsOptional()
  @IsPattern(SPOTIFY_ID, 'a Spotify id of 22 letters and digits')
  spotify_id!: string | null;

  /** How sure `spotify_id` is: `exact` all links to an artist name this one, `ambiguous` they name several and this is the first. Null: no such link. */
  @IsOptional()
  @IsOneOf(SPOTIFY_LINKS)
  spotify_link!: SpotifyLink | null;
}

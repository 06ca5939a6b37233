import { IsOptional } from 'class-validator';
import { IsCount, IsEntityId, IsOneOf, IsPattern, IsSourceId, IsText, IsTextList, ListOf } from '../validation/constraints.js';
import { AttractionLink } from './attraction-link.js';
import { SPOTIFY_ID, SPOTIFY_LINKS, type SpotifyLink } from './spotify-link.js';

/**
 * An attraction of Ticketmaster: an artist, a team, a show. Source: `GET /discovery/v2/attractions.json`, and the attractions embedded in events.
 * Any field but the id may be missing there, and is null then.
 */
export class Attraction {
  /** `ticketmaster_` and the source's `id`. Primary and partition key. */
  @IsEntityId('ticketmaster')
  attraction_id!: string;

  /** `name`. Null: left out, as under some locales. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** `segment.name` of the primary classification, else of the first. Null: none, "Undefined", or only an id, as under some locales. */
  @IsOptional()
  @IsText()
  segment!: string | null;

  /** `genre.name` of the same classification; null as for `segment`. */
  @IsOptional()
  @IsText()
  genre!: string | null;

  /** `subGenre.name` of the same classification; null as for `segment`. */
  @IsOptional()
  @IsText()
  subgenre!: string | null;

  /** `aliases`, other names, in the source's order. Null: the attraction comes without the list. */
  @IsOptional()
  @IsTextList()
  aliases!: string[] | null;

  /** `upcomingEvents._total`, number of events, all of Ticketmaster's own markets together; 0 is a real value. Null: the source does not say. */
  @IsOptional()
  @IsCount()
  upcoming_events_total!: number | null;

  /** `url`, the attraction's page at Ticketmaster. */
  @IsOptional()
  @IsText()
  url!: string | null;

  /** The address of the widest of `images` that is not a `fallback`. Null: no picture of its own; one that stands for its genre is not taken. */
  @IsOptional()
  @IsText()
  image_url!: string | null;

  /** `externalLinks`, by service in alphabetical order, within one in the source's. Null: the attraction comes without them. */
  @IsOptional()
  @ListOf(() => AttractionLink)
  links!: AttractionLink[] | null;

  /** The artist's Spotify id in `externalLinks.spotify[].url`: joins to `spotify_id` of an artist. Null: no such link. */
  @IsOptional()
  @IsPattern(SPOTIFY_ID, 'a Spotify id of 22 letters and digits')
  spotify_id!: string | null;

  /** How sure `spotify_id` is: `exact` all links to an artist name this one, `ambiguous` they name several and this is the first. Null: no such link. */
  @IsOptional()
  @IsOneOf(SPOTIFY_LINKS)
  spotify_link!: SpotifyLink | null;

  /** `id`, without a prefix. */
  @IsSourceId()
  ticketmaster_id!: string;

  /** Always `ticketmaster`. */
  @IsOneOf(['ticketmaster'])
  source!: 'ticketmaster';
}

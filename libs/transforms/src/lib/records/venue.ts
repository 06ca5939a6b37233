import { IsOptional } from 'class-validator';
import { IsBetween, IsCount, IsEntityId, IsOneOf, IsSourceId, IsText } from '../validation/constraints.js';

/**
 * A venue of Ticketmaster. Source: `GET /discovery/v2/venues.json`, and the venues embedded in events. Any field but the id may be missing there,
 * and is null then. Names of places come in the language of the request's locale.
 */
export class Venue {
  /** `ticketmaster_` and the source's `id`. Primary and partition key. */
  @IsEntityId('ticketmaster')
  venue_id!: string;

  /** `name`. Null: the source gives none. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** `address.line1`, `line2` and `line3`, joined by ", ". Null: none of them is given. */
  @IsOptional()
  @IsText()
  address!: string | null;

  /** `city.name`. */
  @IsOptional()
  @IsText()
  city!: string | null;

  /** `state.name`. */
  @IsOptional()
  @IsText()
  state!: string | null;

  /** `state.stateCode`, as the country abbreviates it. */
  @IsOptional()
  @IsText()
  state_code!: string | null;

  /** `country.name`. */
  @IsOptional()
  @IsText()
  country!: string | null;

  /** `country.countryCode`, ISO 3166-1 alpha-2. */
  @IsOptional()
  @IsText()
  country_code!: string | null;

  /** `postalCode`; a text, it may begin with 0. */
  @IsOptional()
  @IsText()
  postal_code!: string | null;

  /** `location.latitude`, degrees north, from the source's text. Null: absent or not a latitude. */
  @IsOptional()
  @IsBetween(-90, 90)
  latitude!: number | null;

  /** `location.longitude`, degrees east, from the source's text. Null: absent or not a longitude. */
  @IsOptional()
  @IsBetween(-180, 180)
  longitude!: number | null;

  /** `timezone`, an IANA name such as `America/Toronto`. */
  @IsOptional()
  @IsText()
  timezone!: string | null;

  /** Number of people. Null for every venue of Ticketmaster: the source has never been seen to tell it. */
  @IsOptional()
  @IsCount()
  capacity!: number | null;

  /** `url`, the venue's page. */
  @IsOptional()
  @IsText()
  url!: string | null;

  /** `id`, without a prefix. */
  @IsSourceId()
  ticketmaster_id!: string;

  /** Always `ticketmaster`. */
  @IsOneOf(['ticketmaster'])
  source!: 'ticketmaster';
}

import { IsOptional } from 'class-validator';
import { IsEntityId, IsFlag, IsInstant, IsLocalDate, IsLocalTime, IsOneOf, IsSourceId, IsText, ListOf } from '../validation/constraints.js';
import { AttractionReference } from './attraction-reference.js';
import { Presale } from './presale.js';
import { PriceRange } from './price-range.js';

/**
 * What is known of the start:
 * `dated` date and time; `no_specific_time` a date, and a time neither given nor promised; `time_tba` a date, the time to be announced;
 * `date_tba` the date to be announced; `date_tbd` the date to be decided.
 */
export const DATE_STATUSES = ['dated', 'no_specific_time', 'time_tba', 'date_tba', 'date_tbd'] as const;
export type DateStatus = (typeof DATE_STATUSES)[number];

/** What is known of the public on-sale date: `dated` it is in `onsale_start`; `tba` to be announced; `tbd` to be decided. */
export const ONSALE_STATUSES = ['dated', 'tba', 'tbd'] as const;
export type OnsaleStatus = (typeof ONSALE_STATUSES)[number];

export const CONCERT_STATUSES = ['onsale', 'offsale', 'cancelled', 'rescheduled', 'postponed'] as const;
export type ConcertStatus = (typeof CONCERT_STATUSES)[number];

/**
 * An event of Ticketmaster, data type `events`. Source: `GET /discovery/v2/events.json`. Any field but the id may be missing there, and is null then.
 * Times are never made up: what is to be announced is null, and `date_status` says why.
 */
export class Concert {
  /** `ticketmaster_` and the source's `id`. Primary and partition key. */
  @IsEntityId('ticketmaster')
  concert_id!: string;

  /** `name`. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** `_embedded.attractions`, in the source's order. Null: the event comes without the list. */
  @IsOptional()
  @ListOf(() => AttractionReference)
  attractions!: AttractionReference[] | null;

  /** `ticketmaster_` and the `id` of the first of `_embedded.venues`. Joins to a venue's `venue_id`. */
  @IsOptional()
  @IsEntityId('ticketmaster')
  venue_id!: string | null;

  /** The `name` of the first of `_embedded.venues`. */
  @IsOptional()
  @IsText()
  venue_name!: string | null;

  /** What is known of the start. Null: the source has neither a date nor a promise of one. */
  @IsOptional()
  @IsOneOf(DATE_STATUSES)
  date_status!: DateStatus | null;

  /** `dates.start.dateTime`, UTC. Null unless `date_status` is `dated`, and when the source gives only local time. */
  @IsOptional()
  @IsInstant()
  start_datetime_utc!: string | null;

  /** `dates.start.localDate`, the venue's calendar. Null: to be announced or decided. */
  @IsOptional()
  @IsLocalDate()
  local_date!: string | null;

  /** `dates.start.localTime`, the venue's clock. Null unless `date_status` is `dated`. */
  @IsOptional()
  @IsLocalTime()
  local_time!: string | null;

  /** `dates.end.dateTime`, UTC. Null: the source gives no end, or none with a specific time. */
  @IsOptional()
  @IsInstant()
  end_datetime_utc!: string | null;

  /** `dates.end.localDate`, the venue's calendar. Null: the source gives none. */
  @IsOptional()
  @IsLocalDate()
  end_local_date!: string | null;

  /** `dates.end.localTime`, the venue's clock. Null as for `end_datetime_utc`. */
  @IsOptional()
  @IsLocalTime()
  end_local_time!: string | null;

  /** `dates.end.approximate`: the end is an estimate. Null: the source does not say. */
  @IsOptional()
  @IsFlag()
  end_approximate!: boolean | null;

  /** `dates.spanMultipleDays`. Null: the source does not say. */
  @IsOptional()
  @IsFlag()
  spans_multiple_days!: boolean | null;

  /** `dates.timezone`, else the venue's `timezone`; an IANA name. Null: neither is given. */
  @IsOptional()
  @IsText()
  timezone!: string | null;

  /** `dates.initialStartDate.dateTime`, UTC: the start first announced, of a postponed or rescheduled event. */
  @IsOptional()
  @IsInstant()
  initial_start_datetime_utc!: string | null;

  /** `dates.initialStartDate.localDate`. */
  @IsOptional()
  @IsLocalDate()
  initial_start_local_date!: string | null;

  /** `dates.initialStartDate.localTime`. */
  @IsOptional()
  @IsLocalTime()
  initial_start_local_time!: string | null;

  /** `dates.status.code`. Null: the source gives none, or a word that is none of these. */
  @IsOptional()
  @IsOneOf(CONCERT_STATUSES)
  status!: ConcertStatus | null;

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

  /** `priceRanges`. Null: the event comes without the list. */
  @IsOptional()
  @ListOf(() => PriceRange)
  price_ranges!: PriceRange[] | null;

  /** What is known of the public on-sale date: `dated`, `tba` or `tbd` (`sales.public.startTBA`, `startTBD`). Null: nothing. */
  @IsOptional()
  @IsOneOf(ONSALE_STATUSES)
  onsale_status!: OnsaleStatus | null;

  /** `sales.public.startDateTime`, UTC. Null: unknown, which the source also writes as 1900-01-01, or to be announced. */
  @IsOptional()
  @IsInstant()
  onsale_start!: string | null;

  /** `sales.public.endDateTime`, UTC. Null as for `onsale_start`. */
  @IsOptional()
  @IsInstant()
  onsale_end!: string | null;

  /** `sales.presales`, in the source's order. Null: the event comes without the list. */
  @IsOptional()
  @ListOf(() => Presale)
  presales!: Presale[] | null;

  /** `url`, the event's page. */
  @IsOptional()
  @IsText()
  url!: string | null;

  /** `country.countryCode` of the venue, ISO 3166-1 alpha-2. */
  @IsOptional()
  @IsText()
  country_code!: string | null;

  /** `id`, without a prefix. */
  @IsSourceId()
  ticketmaster_id!: string;

  /** Always `ticketmaster`. */
  @IsOneOf(['ticketmaster'])
  source!: 'ticketmaster';
}

import type { ApiEntityOptions, PostgresOptions } from './bronze-options.js';
import { Field } from './field.js';
import { mappingOf } from './inside.js';
import { markets, type MarketOptions } from './market.js';
import { COUNTRY, list, ratio, SPOTIFY_ID, text, TICKETMASTER_ID, whole, yesOrNo } from './rules.js';

const countries = {
  description: 'The countries to read, as ISO 3166-1 alpha-2 codes.',
  ...list(COUNTRY, { one: 'a country code such as US', many: 'country codes such as US' }),
};
const searchTexts = { one: 'a search text', many: 'search texts' };
const maxRejected = { description: 'The share of rejected records from which a run fails. Default 0.01.', ...ratio(0, 1) };
const spotifyIds = list(SPOTIFY_ID, { one: 'a Spotify id of 22 letters and digits', many: 'Spotify ids of 22 letters and digits' });
const ticketmasterIds = list(TICKETMASTER_ID, { one: 'a Ticketmaster id such as KovZpZA7AAEA', many: 'Ticketmaster ids such as KovZpZA7AAEA' });

/** What `spotify.artists` reads. */
export class SpotifyArtistsOptions {
  @Field({ description: "Search texts, in Spotify's search syntax.", ...list('\\S', searchTexts) })
  queries?: string[];

  @Field({ description: 'Artists to read besides, by their Spotify id.', ...spotifyIds })
  ids?: string[];

  @Field({
    description: 'Artists to read besides, by their name: of what a search finds, those whose name is the same, whatever its case and accents.',
    ...list('\\S', { one: 'the name of an artist', many: 'names of artists' }),
  })
  names?: string[];

  @Field({
    description: 'Retired: it is allowed, and nothing is made of it. An artist is the same in every country; spotify.tracks has a market.',
    ...text(COUNTRY, 'a country code such as US'),
  })
  market?: string;

  @Field({ description: 'Results of each search to read; the source gives 1000 at most. Default 1000.', ...whole(1, 1000) })
  max_per_query?: number;

  @Field(maxRejected)
  max_rejected?: number;
}

/** What `spotify.tracks` reads: the top tracks of artists. */
export class SpotifyTracksOptions {
  @Field({ description: 'The country in which the tracks are at the top. Default US.', ...text(COUNTRY, 'a country code such as US') })
  market?: string;

  @Field({ description: 'Whose tracks, by Spotify id.', ...spotifyIds })
  artist_ids?: string[];

  @Field({ description: "Those of all artists of the job's spotify.artists as well, a call each. Default false.", ...yesOrNo })
  from_artists?: boolean;

  @Field(maxRejected)
  max_rejected?: number;
}

/** What `ticketmaster.venues` reads. */
export class TicketmasterVenuesOptions {
  @Field(countries)
  countries?: string[];

  @Field({ description: 'Venues to read besides, by Ticketmaster id.', ...ticketmasterIds })
  venue_ids?: string[];

  @Field(maxRejected)
  max_rejected?: number;
}

/** How a job that runs often divides a long horizon over its runs. */
export class RefreshOptions {
  @Field({ description: 'Events that start within so many days are read by every run. Default 3.', ...whole(0, 1095) })
  near_days?: number;

  @Field({ description: 'Every day of the horizon is read at least once in so many hours, if no run is left out. Default 24.', ...whole(1, 8760) })
  coverage_hours?: number;
}

/** What `ticketmaster.events` reads. */
export class TicketmasterEventsOptions {
  @Field(countries)
  countries?: string[];

  @Field({
    description: 'Parts of countries, places, venues, attractions. An event that several of them have is read and delivered once.',
    ...markets,
  })
  markets?: MarketOptions[];

  @Field({ description: 'Events that start up to so many days after the scheduled time. Default 365.', ...whole(1, 1095) })
  horizon_days?: number;

  @Field({ description: 'Events that started up to so many days before the scheduled time. Default 1.', ...whole(0, 365) })
  look_back_days?: number;

  @Field({
    description:
      'Reads of the horizon only what is likely to change: undated events, the near days, days that changed lately, days that are new, and the part of the rest ' +
      'whose turn it is. For jobs whose runs are evenly spaced. Without it every run reads all.',
    ...mappingOf({ type: RefreshOptions }),
  })
  refresh?: RefreshOptions;

  @Field(maxRejected)
  max_rejected?: number;
}

/** What `ticketmaster.attractions` reads. */
export class TicketmasterAttractionsOptions {
  @Field({ description: 'Attractions by their Ticketmaster id.', ...ticketmasterIds })
  ids?: string[];

  @Field({ description: 'Search texts.', ...list('\\S', searchTexts) })
  keywords?: string[];

  @Field({ description: "Those in the events of the job's ticketmaster.events, without a call. Default false.", ...yesOrNo })
  from_events?: boolean;

  @Field(maxRejected)
  max_rejected?: number;
}

/** Options with every default filled in, by stream id. */
export interface StreamOptionsOf {
  'spotify.artists': Required<Omit<SpotifyArtistsOptions, 'market'>>;
  'spotify.tracks': Required<SpotifyTracksOptions>;
  'ticketmaster.venues': Required<TicketmasterVenuesOptions>;
  'ticketmaster.events': Required<Omit<TicketmasterEventsOptions, 'refresh'>> & { refresh?: RefreshPolicy };
  'ticketmaster.attractions': Required<TicketmasterAttractionsOptions>;
  'payments.payments': EntityOptions<ApiEntityOptions, 'contract' | 'max_rejected' | 'expect'>;
  'shipments.shipments': EntityOptions<ApiEntityOptions, 'contract' | 'max_rejected' | 'expect'>;
  [table: `postgres.${string}`]: EntityOptions<PostgresOptions, 'table' | 'mode' | 'contract' | 'hard_deletes' | 'max_rejected' | 'expect'>;
}

/** Some options of an entity have defaults; the others are what they are when they are absent. */
type EntityOptions<Options extends object, Filled extends keyof Options> = Omit<Options, Filled> & Required<Pick<Options, Filled>>;

/** A refresh with its defaults, and the step of the job's schedule. */
export type RefreshPolicy = Required<RefreshOptions> & {
  /** Hours from one run to the next. */
  every_hours: number;
};

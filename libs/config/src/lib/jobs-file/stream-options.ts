import { Field } from './field.js';
import { COUNTRY, list, ratio, text, whole } from './rules.js';

const countries = {
  description: 'The countries to read, as ISO 3166-1 alpha-2 codes.',
  ...list(COUNTRY, 'a list of different country codes such as US, at least one', 1),
};
const maxRejected = { description: 'The share of rejected records from which a run fails. Default 0.01.', ...ratio(0, 1) };

/** What `spotify.artists` reads. */
export class SpotifyArtistsOptions {
  @Field({ description: "Search texts, in Spotify's search syntax.", ...list('\\S', 'a list of different search texts') })
  queries?: string[];

  @Field({
    description: 'Artists to read besides, by their Spotify id.',
    ...list('^[0-9A-Za-z]{22}$', 'a list of different Spotify ids of 22 letters and digits'),
  })
  ids?: string[];

  @Field({ description: 'Only what is available in this country.', ...text(COUNTRY, 'a country code such as US') })
  market?: string;

  @Field({ description: 'Results of each search to read; the source gives 1000 at most. Default 1000.', ...whole(1, 1000) })
  max_per_query?: number;

  @Field(maxRejected)
  max_rejected?: number;
}

/** What `ticketmaster.venues` reads. */
export class TicketmasterVenuesOptions {
  @Field(countries)
  countries?: string[];

  @Field(maxRejected)
  max_rejected?: number;
}

/** What `ticketmaster.events` reads. */
export class TicketmasterEventsOptions {
  @Field(countries)
  countries?: string[];

  @Field({ description: 'Events that start up to so many days after the scheduled time. Default 365.', ...whole(1, 1095) })
  horizon_days?: number;

  @Field({ description: 'Events that started up to so many days before the scheduled time. Default 1.', ...whole(0, 365) })
  look_back_days?: number;

  @Field(maxRejected)
  max_rejected?: number;
}

/** Options with every default filled in, by stream id. */
export interface StreamOptionsOf {
  'spotify.artists': Required<Omit<SpotifyArtistsOptions, 'market'>> & Pick<SpotifyArtistsOptions, 'market'>;
  'ticketmaster.venues': Required<TicketmasterVenuesOptions>;
  'ticketmaster.events': Required<TicketmasterEventsOptions>;
}

/** What the jobs file may say of a stream. */
export interface StreamKind {
  /** The class whose `@Field`s are the stream's options. */
  options: new () => object;
  defaults: Readonly<Record<string, unknown>>;
  /** What the options lack to be of use, with defaults and overrides applied; undefined when nothing. */
  lacks: (options: Readonly<Record<string, unknown>>) => string | undefined;
}

const lacksCountries = (options: Readonly<Record<string, unknown>>): string | undefined =>
  options['countries'] === undefined ? 'countries' : undefined;
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** The streams that a jobs file may name. A new source adds its own. */
export const STREAM_KINDS: Readonly<Record<keyof StreamOptionsOf, StreamKind>> = {
  'spotify.artists': {
    options: SpotifyArtistsOptions,
    defaults: { queries: [], ids: [], max_per_query: 1000, max_rejected: 0.01 },
    lacks: ({ queries, ids }) => (isEmpty(queries) && isEmpty(ids) ? 'queries or ids' : undefined),
  },
  'ticketmaster.venues': { options: TicketmasterVenuesOptions, defaults: { max_rejected: 0.01 }, lacks: lacksCountries },
  'ticketmaster.events': {
    options: TicketmasterEventsOptions,
    defaults: { horizon_days: 365, look_back_days: 1, max_rejected: 0.01 },
    lacks: lacksCountries,
  },
};

/** The sinks that a jobs file may name. */
export const SINKS = ['s3_raw', 'kinesis'] as const;

/** A Spotify artist as the catalogue knows it; which fields an app sees depends on its quota mode. */
export interface Artist {
  /** 22 base62 characters. */
  readonly id: string;
  readonly name: string;
  readonly genres: readonly string[];
  /** 0 to 100; a real 0 exists. */
  readonly popularity: number;
  readonly followers: number;
  /** How many sizes of its picture exist; 0: none. */
  readonly images: number;
  /** Changes when the artist gets a new picture. */
  readonly imageSet: number;
}

/** A Ticketmaster venue. Whatever is optional is missing on some. */
export interface Venue {
  readonly id: string;
  readonly name?: string;
  readonly city?: string;
  readonly stateCode?: string;
  readonly stateName?: string;
  readonly countryCode: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** The IANA zone that is shown. */
  readonly timezone?: string;
  /** The zone that its events are computed with, shown or not. */
  readonly zone: string;
  readonly postalCode?: string;
  readonly address?: string;
  readonly url?: string;
  /** The first simulated day on which it exists. */
  readonly addedOn: number;
  /** From this day on it has another name. */
  readonly renamed?: { readonly on: number; readonly name: string };
  /** No venue search within the real limits finds it: only the events that embed it do. */
  readonly hidden: boolean;
  readonly upcoming: number;
}

/** A Ticketmaster attraction: a performer, a team, a show. */
export interface Attraction {
  readonly id: string;
  readonly name: string;
  readonly genre: Genre;
  /** The Spotify artist of the same name, for `externalLinks.spotify`. */
  readonly spotifyArtistId?: string;
  readonly upcoming: number;
}

export interface Genre {
  readonly segmentId: string;
  readonly segment: string;
  readonly id: string;
  readonly name: string;
  readonly subGenreId: string;
  readonly subGenre: string;
}

/** `tba` and `tbd` have no date at all; `noSpecificTime` and `timeTba` have a local date and no `dateTime`. */
export type Schedule = 'dated' | 'noSpecificTime' | 'timeTba' | 'tba' | 'tbd';
export type EventStatus = 'onsale' | 'offsale' | 'cancelled' | 'rescheduled' | 'postponed';
export type ChangeKind = 'offsale' | 'prices' | 'renamed' | 'rescheduled' | 'cancelled' | 'postponed' | 'dated';

/** What never changes about an event, and the one change that will happen to it. */
export interface EventSeed {
  readonly id: string;
  readonly name: string;
  readonly countryCode: string;
  readonly zone: string;
  readonly venueIds: readonly string[];
  readonly attractionIds: readonly string[];
  /** Days after the base date, local. */
  readonly startDay: number;
  /** Second of the local day. */
  readonly startSecond: number;
  readonly schedule: Schedule;
  readonly announcedOn: number;
  readonly change?: { readonly on: number; readonly kind: ChangeKind; readonly shiftDays: number };
  /** Missing: the event has no classifications. */
  readonly genre?: Genre;
  readonly price?: { readonly min: number; readonly max: number; readonly currency: string };
  /** Days before the start on which the sale opens; missing: shown as 1900-01-01, which means unknown. */
  readonly onSaleLead?: number;
  readonly status?: 'onsale' | 'offsale';
  readonly showsTimezone: boolean;
  /** Without a name under its own locale. */
  readonly nameless: boolean;
  readonly info?: string;
}

/** An event as it is on one simulated day. */
export interface CatalogueEvent {
  readonly seed: EventSeed;
  readonly id: string;
  readonly name: string;
  readonly countryCode: string;
  readonly schedule: Schedule;
  /** Epoch milliseconds of the start that date windows are compared with (local midnight when only the date is known); missing: undated. */
  readonly at?: number;
  /** `YYYY-MM-DD` */
  readonly localDate?: string;
  /** `HH:mm:ss` */
  readonly localTime?: string;
  /** Where it was before it was postponed or rescheduled. */
  readonly initial?: { readonly at: number; readonly localDate: string; readonly localTime: string };
  readonly status?: EventStatus;
  readonly price?: { readonly min: number; readonly max: number; readonly currency: string };
}

/** All that exists on one simulated day; lists are in the order of ids (UTF-16 units). */
export interface CatalogueView {
  readonly day: number;
  readonly artists: readonly Artist[];
  readonly artistById: ReadonlyMap<string, Artist>;
  readonly venues: readonly Venue[];
  readonly venueById: ReadonlyMap<string, Venue>;
  readonly attractions: readonly Attraction[];
  readonly attractionById: ReadonlyMap<string, Attraction>;
  readonly events: readonly CatalogueEvent[];
  readonly eventById: ReadonlyMap<string, CatalogueEvent>;
}

export interface CatalogueOptions {
  /** Same seed, same base date, same catalogue. */
  readonly seed: number;
  /** `YYYY-MM-DD`: day 0. Events lie between it (plus the day) and a year later. */
  readonly baseDate: string;
  /** This many events in one single second of the US, so that no date window can split them. Default 0. */
  readonly crowdedSecond?: number;
  /** This many US venues that neither a venue search within the real limits nor an event gives. Default 0. */
  readonly unreachableVenues?: number;
}

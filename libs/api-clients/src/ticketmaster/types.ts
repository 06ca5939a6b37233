/**
 * What the Ticketmaster Discovery API v2 answers, as documented (developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2)
 * and as really seen. Nearly everything is missing on some records.
 */
export interface TicketmasterImage {
  readonly url: string;
  readonly ratio?: string;
  readonly width?: number;
  readonly height?: number;
  readonly fallback?: boolean;
  readonly attribution?: string;
}

export interface TicketmasterLink {
  /** Relative, without the apikey. */
  readonly href: string;
  /** Old ones have `{&sort}` and the like in them. */
  readonly templated?: boolean;
}

/** Of a record. */
export interface TicketmasterLinks {
  readonly self?: TicketmasterLink;
  /** Of an event. */
  readonly attractions?: readonly TicketmasterLink[];
  readonly venues?: readonly TicketmasterLink[];
}

/** Of a page of a search. */
export interface TicketmasterPageLinks {
  readonly self?: TicketmasterLink;
  readonly first?: TicketmasterLink;
  readonly prev?: TicketmasterLink;
  readonly next?: TicketmasterLink;
  readonly last?: TicketmasterLink;
}

/** Under some locales only `id`; the name can be the text "Undefined". */
export interface TicketmasterLevel {
  readonly id?: string;
  readonly name?: string;
}

export interface TicketmasterClassification {
  readonly primary?: boolean;
  readonly family?: boolean;
  readonly segment?: TicketmasterLevel;
  readonly genre?: TicketmasterLevel;
  readonly subGenre?: TicketmasterLevel;
  readonly type?: TicketmasterLevel;
  readonly subType?: TicketmasterLevel;
}

export interface TicketmasterExternalLink {
  readonly id?: string;
  readonly url?: string;
}

/** Degrees, as text although the documentation says number. */
export interface TicketmasterLocation {
  readonly latitude?: string;
  readonly longitude?: string;
}

export interface TicketmasterAddress {
  readonly line1?: string;
  readonly line2?: string;
  readonly line3?: string;
}

export interface TicketmasterState {
  readonly name?: string;
  readonly stateCode?: string;
}

export interface TicketmasterCountry {
  readonly name?: string;
  readonly countryCode?: string;
}

export interface TicketmasterVenue {
  readonly id: string;
  readonly type?: 'venue';
  readonly name?: string;
  readonly description?: string;
  readonly additionalInfo?: string;
  readonly test?: boolean;
  readonly locale?: string;
  readonly url?: string;
  readonly postalCode?: string;
  /** IANA zone. */
  readonly timezone?: string;
  readonly currency?: string;
  readonly address?: TicketmasterAddress;
  readonly city?: { readonly name?: string };
  readonly state?: TicketmasterState;
  readonly country?: TicketmasterCountry;
  readonly location?: TicketmasterLocation;
  readonly markets?: readonly { readonly id?: string; readonly name?: string }[];
  readonly dmas?: readonly { readonly id?: number }[];
  readonly images?: readonly TicketmasterImage[];
  readonly social?: { readonly twitter?: { readonly handle?: string; readonly hashtags?: readonly string[] } };
  readonly boxOfficeInfo?: {
    readonly phoneNumberDetail?: string;
    readonly openHoursDetail?: string;
    readonly acceptedPaymentDetail?: string;
    readonly willCallDetail?: string;
  };
  readonly parkingDetail?: string;
  readonly accessibleSeatingDetail?: string;
  readonly generalInfo?: { readonly generalRule?: string; readonly childRule?: string };
  readonly ada?: { readonly adaPhones?: string; readonly adaCustomCopy?: string; readonly adaHours?: string };
  readonly externalLinks?: Readonly<Record<string, readonly TicketmasterExternalLink[]>>;
  readonly aliases?: readonly string[];
  /** Counts by source, `_total`, `_filtered`. */
  readonly upcomingEvents?: Readonly<Record<string, number>>;
  readonly distance?: number;
  readonly units?: string;
  readonly _links?: TicketmasterLinks;
}

export interface TicketmasterAttraction {
  readonly id: string;
  readonly type?: 'attraction';
  /** Missing under some locales. */
  readonly name?: string;
  readonly description?: string;
  readonly additionalInfo?: string;
  readonly test?: boolean;
  readonly locale?: string;
  readonly url?: string;
  readonly images?: readonly TicketmasterImage[];
  readonly classifications?: readonly TicketmasterClassification[];
  /** `spotify`, `musicbrainz`, `homepage`, … */
  readonly externalLinks?: Readonly<Record<string, readonly TicketmasterExternalLink[]>>;
  readonly aliases?: readonly string[];
  readonly upcomingEvents?: Readonly<Record<string, number>>;
  readonly _links?: TicketmasterLinks;
}

export interface TicketmasterStart {
  /** `YYYY-MM-DD`; missing when the date is to be announced. */
  readonly localDate?: string;
  /** `HH:mm:ss` */
  readonly localTime?: string;
  /** UTC; missing without a specific time. */
  readonly dateTime?: string;
  readonly dateTBD?: boolean;
  readonly dateTBA?: boolean;
  readonly timeTBA?: boolean;
  readonly noSpecificTime?: boolean;
}

export interface TicketmasterDates {
  readonly start?: TicketmasterStart;
  readonly end?: {
    readonly localDate?: string;
    readonly localTime?: string;
    readonly dateTime?: string;
    readonly approximate?: boolean;
    readonly noSpecificTime?: boolean;
  };
  /** Where a postponed or rescheduled event was before. */
  readonly initialStartDate?: { readonly localDate?: string; readonly localTime?: string; readonly dateTime?: string };
  readonly access?: {
    readonly startDateTime?: string;
    readonly startApproximate?: boolean;
    readonly endDateTime?: string;
    readonly endApproximate?: boolean;
  };
  /** Missing on about a fifth; the venue may have it. */
  readonly timezone?: string;
  readonly status?: { readonly code?: 'onsale' | 'offsale' | 'cancelled' | 'rescheduled' | 'postponed' | (string & {}) };
  readonly spanMultipleDays?: boolean;
}

export interface TicketmasterEvent {
  readonly id: string;
  readonly type?: 'event';
  readonly name?: string;
  readonly description?: string;
  readonly additionalInfo?: string;
  readonly test?: boolean;
  readonly locale?: string;
  readonly url?: string;
  readonly images?: readonly TicketmasterImage[];
  readonly dates?: TicketmasterDates;
  readonly sales?: {
    /** `startDateTime` of the year 1900 means unknown. */
    readonly public?: { readonly startDateTime?: string; readonly endDateTime?: string; readonly startTBD?: boolean; readonly startTBA?: boolean };
    readonly presales?: readonly {
      readonly name?: string;
      readonly description?: string;
      readonly url?: string;
      readonly startDateTime?: string;
      readonly endDateTime?: string;
    }[];
  };
  /** When the doors open. */
  readonly doorsTimes?: { readonly localDate?: string; readonly localTime?: string; readonly dateTime?: string };
  /** The event's code in the ticketing system, such as `NZL:EZPS708G`. */
  readonly code?: string;
  /** `custom` when the promoter gave the name. */
  readonly nameOrigin?: string;
  readonly info?: string;
  readonly pleaseNote?: string;
  readonly priceRanges?: readonly { readonly type?: string; readonly currency?: string; readonly min?: number; readonly max?: number }[];
  readonly promoter?: { readonly id?: string; readonly name?: string; readonly description?: string };
  readonly promoters?: readonly { readonly id?: string; readonly name?: string; readonly description?: string }[];
  readonly classifications?: readonly TicketmasterClassification[];
  readonly outlets?: readonly { readonly url?: string; readonly type?: string }[];
  readonly products?: readonly {
    readonly id?: string;
    readonly name?: string;
    readonly url?: string;
    readonly type?: string;
    readonly classifications?: readonly TicketmasterClassification[];
  }[];
  readonly seatmap?: { readonly id?: string; readonly staticUrl?: string };
  readonly accessibility?: { readonly id?: string; readonly info?: string; readonly ticketLimit?: number };
  readonly ageRestrictions?: { readonly id?: string; readonly legalAgeEnforced?: boolean };
  readonly ticketLimit?: { readonly id?: string; readonly info?: string };
  readonly ticketing?: {
    readonly id?: string;
    readonly safeTix?: { readonly enabled?: boolean; readonly inAppOnlyEnabled?: boolean };
    readonly allInclusivePricing?: { readonly enabled?: boolean };
  };
  readonly externalLinks?: Readonly<Record<string, readonly TicketmasterExternalLink[]>>;
  readonly distance?: number;
  readonly units?: string;
  readonly location?: TicketmasterLocation;
  /** Where it is when there is no venue. */
  readonly place?: {
    readonly name?: string;
    readonly area?: { readonly name?: string };
    readonly address?: TicketmasterAddress;
    readonly city?: { readonly name?: string };
    readonly state?: TicketmasterState;
    readonly country?: TicketmasterCountry;
    readonly postalCode?: string;
    readonly location?: TicketmasterLocation;
  };
  /** Missing as a whole for events with neither venue nor attraction. */
  readonly _embedded?: { readonly venues?: readonly (TicketmasterVenue | null)[]; readonly attractions?: readonly (TicketmasterAttraction | null)[] };
  readonly _links?: TicketmasterLinks;
}

/** `number` counts from 0; `totalElements` never says more than 10,000. */
export interface TicketmasterPaging {
  readonly size: number;
  readonly totalElements: number;
  readonly totalPages: number;
  readonly number: number;
}

export interface TicketmasterKinds {
  readonly events: TicketmasterEvent;
  readonly venues: TicketmasterVenue;
  readonly attractions: TicketmasterAttraction;
}

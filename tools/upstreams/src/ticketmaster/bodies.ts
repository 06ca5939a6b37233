import { countryByCode } from '../catalogue/countries.js';
import { hash32 } from '../catalogue/random.js';
import { dmaOf } from '../catalogue/venues.js';
import type { Attraction, CatalogueEvent, CatalogueView, Genre, Venue } from '../catalogue/types.js';
import { isoSecond } from '../catalogue/zones.js';

type Body = Record<string, unknown>;
type Kind = 'attraction' | 'venue' | 'event';

/** Under this locale attractions have no name and classifications only ids. */
const namelessLocale = 'sv-se';
const dayMs = 86_400_000;
const localCountryNames: Readonly<Record<string, string>> = { SE: 'Sverige', DE: 'Deutschland', MX: 'México' };

/** The locale of a body: the one that was asked for, or with `*` its country's own. */
export function localeFor(asked: string | null, countryCode?: string): string {
  if (asked === '*') return countryByCode.get(countryCode ?? '')?.locale ?? 'en-us';
  return asked?.toLowerCase() || 'en-us';
}

export function venueBody(venue: Venue, asked: string | null): Body {
  const { id, name, city, stateCode, stateName, countryCode, latitude, longitude, timezone, postalCode, address, url, upcoming } = venue;
  const locale = localeFor(asked, countryCode);
  return {
    ...(name === undefined ? {} : { name }),
    ...heading('venue', id, locale, url),
    ...(postalCode ? { postalCode } : {}),
    ...(timezone ? { timezone } : {}),
    ...(city ? { city: { name: city } } : {}),
    ...(stateCode ? { state: { name: stateName, stateCode } } : {}),
    country: { name: countryName(countryCode, locale), countryCode },
    ...(address ? { address: { line1: address } } : {}),
    // Coordinates are strings, longitude first.
    ...(latitude === undefined || longitude === undefined ? {} : { location: { longitude: degrees(longitude), latitude: degrees(latitude) } }),
    markets: [{ id: String(1 + (hash32(id) % 120)) }],
    dmas: [{ id: dmaOf(venue) }],
    upcomingEvents: { ticketmaster: upcoming, _total: upcoming, _filtered: 0 },
    _links: { self: { href: self('venue', id, locale) } },
  };
}

export function attractionBody(attraction: Attraction, asked: string | null, countryCode?: string): Body {
  const { id, name, genre, spotifyArtistId, upcoming } = attraction;
  const locale = localeFor(asked, countryCode);
  return {
    ...(locale === namelessLocale ? {} : { name }),
    ...heading('attraction', id, locale, `https://www.ticketmaster.example/artist/${hash32(id) % 3_000_000}`),
    ...(spotifyArtistId ? { externalLinks: { spotify: [{ url: `https://open.spotify.com/artist/${spotifyArtistId}` }] } } : {}),
    images: imagesOf(id, 2),
    classifications: [classification(genre, locale)],
    upcomingEvents: { ticketmaster: upcoming, _total: upcoming, _filtered: 0 },
    _links: { self: { href: self('attraction', id, locale) } },
  };
}

export function eventBody(event: CatalogueEvent, view: CatalogueView, asked: string | null): Body {
  const { seed, id, countryCode, price } = event;
  const locale = localeFor(asked, countryCode);
  const venues = seed.venueIds.flatMap((v) => view.venueById.get(v) ?? []);
  const attractions = seed.attractionIds.flatMap((a) => view.attractionById.get(a) ?? []);
  const links = (kind: Kind, of: readonly { readonly id: string }[]): unknown => of.map((item) => ({ href: self(kind, item.id, locale) }));
  return {
    ...(seed.nameless && locale === namelessLocale ? {} : { name: event.name }),
    ...heading('event', id, locale, `https://www.ticketmaster.example/event/${id}`),
    images: imagesOf(id, 3),
    sales: { public: salesOf(event) },
    dates: datesOf(event),
    ...(seed.genre ? { classifications: [{ ...classification(seed.genre, locale), family: false }] } : {}),
    ...(seed.info ? { info: seed.info } : {}),
    ...(price ? { priceRanges: [{ type: 'standard', ...price }] } : {}),
    _links: {
      self: { href: self('event', id, locale) },
      ...(attractions.length > 0 ? { attractions: links('attraction', attractions) } : {}),
      ...(venues.length > 0 ? { venues: links('venue', venues) } : {}),
    },
    ...embedded(
      venues.map((v) => venueBody(v, asked)),
      attractions.map((a) => attractionBody(a, asked, countryCode)),
    ),
  };
}

function embedded(venues: readonly Body[], attractions: readonly Body[]): Body {
  if (venues.length === 0 && attractions.length === 0) return {};
  return { _embedded: { ...(venues.length > 0 ? { venues } : {}), ...(attractions.length > 0 ? { attractions } : {}) } };
}

function heading(kind: Kind, id: string, locale: string, url: string | undefined): Body {
  return { type: kind, id, test: false, ...(url ? { url } : {}), locale };
}

/** Relative, and without the apikey. */
function self(kind: Kind, id: string, locale: string): string {
  return `/discovery/v2/${kind}s/${id}?locale=${locale}`;
}

function datesOf({ seed, schedule, at, localDate, localTime, initial, status }: CatalogueEvent): Body {
  const start = {
    ...(localDate ? { localDate } : {}),
    ...(localTime ? { localTime } : {}),
    // Without a time there is no moment.
    ...(localTime && at !== undefined ? { dateTime: isoSecond(at) } : {}),
    dateTBD: schedule === 'tbd',
    dateTBA: schedule === 'tba',
    timeTBA: schedule === 'timeTba',
    noSpecificTime: schedule === 'noSpecificTime',
  };
  return {
    start,
    ...(initial ? { initialStartDate: { localDate: initial.localDate, localTime: initial.localTime, dateTime: isoSecond(initial.at) } } : {}),
    ...(seed.showsTimezone ? { timezone: seed.zone } : {}),
    ...(status ? { status: { code: status } } : {}),
    spanMultipleDays: false,
  };
}

function salesOf({ seed, at, initial }: CatalogueEvent): Body {
  const start = at ?? initial?.at;
  const known = seed.onSaleLead !== undefined && start !== undefined;
  return {
    // 1900 means that nobody knows.
    startDateTime: known ? isoSecond(start - (seed.onSaleLead as number) * dayMs) : '1900-01-01T06:00:00Z',
    startTBD: false,
    startTBA: false,
    ...(start === undefined ? {} : { endDateTime: isoSecond(start) }),
  };
}

function classification(genre: Genre, locale: string): Body {
  const named = (id: string, name: string): Body => (locale === namelessLocale ? { id } : { id, name });
  return {
    primary: true,
    segment: named(genre.segmentId, genre.segment),
    genre: named(genre.id, genre.name),
    subGenre: named(genre.subGenreId, genre.subGenre),
  };
}

function imagesOf(id: string, count: number): readonly Body[] {
  const shapes = [
    ['16_9', 1024, 576],
    ['3_2', 640, 427],
    ['4_3', 305, 225],
  ] as const;
  return shapes.slice(0, count).map(([ratio, width, height]) => ({
    ratio,
    url: `https://s1.ticketm.example/dam/a/${hash32(id, width).toString(16)}_${ratio}.jpg`,
    width,
    height,
    fallback: false,
  }));
}

function countryName(code: string, locale: string): string {
  const own = countryByCode.get(code);
  return locale !== 'en-us' && own?.locale === locale ? (localCountryNames[code] ?? own.name) : (own?.name ?? code);
}

/** Some have eight decimals, some just as many as needed. */
function degrees(value: number): string {
  return Math.round(value * 1e5) % 3 === 0 ? String(value) : value.toFixed(8);
}

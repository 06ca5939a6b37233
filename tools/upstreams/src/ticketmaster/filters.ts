import type { Attraction, CatalogueEvent, CatalogueView, Genre, Venue } from '../catalogue/types.js';
import { dmaOf } from '../catalogue/venues.js';
import { isoSecond } from '../catalogue/zones.js';
import type { Reply } from '../server/exchange.js';
import { badDate, badParameter } from './errors.js';
import { distance, parsePoint } from './geo.js';

/** Decides on one item. */
export type Filter<T> = (item: T) => boolean;

/** The parameters that mean something; others are ignored and named in the header `X-Unknown-Params`. */
export const knownParameters: Readonly<Record<string, ReadonlySet<string>>> = {
  events: new Set(
    [
      ...common(),
      'countryCode',
      'stateCode',
      'city',
      'geoPoint',
      'latlong',
      'radius',
      'unit',
      'segmentId',
      'segmentName',
      'classificationName',
      'classificationId',
      'dmaId',
      'venueId',
    ].concat(...['attractionId', 'startDateTime', 'endDateTime', 'includeTBA', 'includeTBD']),
  ),
  venues: new Set([...common(), 'countryCode', 'stateCode', 'geoPoint', 'latlong', 'radius', 'unit']),
  attractions: new Set([...common(), 'segmentId', 'segmentName', 'classificationName', 'classificationId']),
};

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** All but the country, by which the list was chosen already. */
export function eventFilters(query: URLSearchParams, view: CatalogueView): readonly Filter<CatalogueEvent>[] | Reply {
  const dates = datesOf(query);
  const near = nearOf(query);
  if (!Array.isArray(dates)) return dates as Reply;
  if (near && 'status' in near) return near;
  const venues = (e: CatalogueEvent): readonly Venue[] => e.seed.venueIds.flatMap((id) => view.venueById.get(id) ?? []);
  const names = (e: CatalogueEvent): string =>
    [e.name, ...e.seed.attractionIds.map((id) => view.attractionById.get(id)?.name ?? ''), ...venues(e).map((v) => v.name ?? '')].join(' ');
  return [
    ...given(query, 'id', (ids) => (e: CatalogueEvent) => ids.split(',').includes(e.id)),
    ...(dates as Filter<CatalogueEvent>[]),
    ...given(query, 'stateCode', (code) => (e: CatalogueEvent) => venues(e).some((v) => v.stateCode === code.toUpperCase())),
    ...given(query, 'city', (city) => (e: CatalogueEvent) => venues(e).some((v) => v.city?.toLowerCase() === city.toLowerCase())),
    ...given(query, 'dmaId', (ids) => (e: CatalogueEvent) => venues(e).some((v) => ids.split(',').includes(String(dmaOf(v))))),
    ...given(query, 'venueId', (ids) => (e: CatalogueEvent) => e.seed.venueIds.some((id) => ids.split(',').includes(id))),
    ...given(query, 'attractionId', (ids) => (e: CatalogueEvent) => e.seed.attractionIds.some((id) => ids.split(',').includes(id))),
    ...classified(query, (e: CatalogueEvent) => e.seed.genre),
    ...given(query, 'keyword', (text) => (e: CatalogueEvent) => mentions(names(e), text)),
    ...(near ? [(e: CatalogueEvent) => venues(e).some(near)] : []),
  ];
}

/** All but the country, by which the list was chosen already. */
export function venueFilters(query: URLSearchParams): readonly Filter<Venue>[] | Reply {
  const near = nearOf(query);
  if (near && 'status' in near) return near;
  return [
    ...given(query, 'id', (ids) => (v: Venue) => ids.split(',').includes(v.id)),
    ...given(query, 'stateCode', (code) => (v: Venue) => v.stateCode === code.toUpperCase()),
    ...given(query, 'keyword', (text) => (v: Venue) => mentions(`${v.name ?? ''} ${v.city ?? ''}`, text)),
    ...(near ? [near] : []),
  ];
}

export function attractionFilters(query: URLSearchParams): readonly Filter<Attraction>[] {
  return [
    ...given(query, 'id', (ids) => (a: Attraction) => ids.split(',').includes(a.id)),
    ...classified(query, (a: Attraction) => a.genre),
    ...given(query, 'keyword', (text) => (a: Attraction) => mentions(a.name, text)),
  ];
}

function common(): string[] {
  return ['apikey', 'id', 'keyword', 'locale', 'page', 'size', 'sort'];
}

function given<T>(query: URLSearchParams, name: string, make: (value: string) => Filter<T>): readonly Filter<T>[] {
  const value = query.get(name);
  return value === null || value === '' ? [] : [make(value)];
}

function classified<T>(query: URLSearchParams, genreOf: (item: T) => Genre | undefined): readonly Filter<T>[] {
  const lower = (text: string): string => text.toLowerCase();
  return [
    ...given(query, 'segmentId', (id) => (item: T) => genreOf(item)?.segmentId === id),
    ...given(query, 'segmentName', (name) => (item: T) => genreOf(item)?.segment.toLowerCase() === lower(name)),
    ...given(query, 'classificationName', (name) => (item: T) => {
      const genre = genreOf(item);
      return genre !== undefined && [genre.segment, genre.name, genre.subGenre].some((n) => lower(name).split(',').includes(n.toLowerCase()));
    }),
    ...given(query, 'classificationId', (ids) => (item: T) => {
      const genre = genreOf(item);
      return genre !== undefined && [genre.segmentId, genre.id, genre.subGenreId].some((id) => ids.split(',').includes(id));
    }),
  ];
}

/** Every word of the text begins a word of the names. */
function mentions(names: string, text: string): boolean {
  const words = names.toLowerCase().split(/\s+/);
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((asked) => words.some((word) => word.startsWith(asked)));
}

/**
 * Both ends of a window are inclusive. Undated events are in no window unless `includeTBA=yes` or `includeTBD=yes` adds them;
 * without a window they are there unless `no` leaves them out. `only` for both asks for events that are TBA and TBD: there are none.
 */
function datesOf(query: URLSearchParams): readonly Filter<CatalogueEvent>[] | Reply {
  const [from, to] = ['startDateTime', 'endDateTime'].map((name) => query.get(name) || undefined);
  if ([from, to].some((text) => text !== undefined && !isDateTime(text))) return badDate();
  const windowed = from !== undefined || to !== undefined;
  const otherwise = windowed ? 'no' : 'yes';
  const tba = query.get('includeTBA') || otherwise;
  const tbd = query.get('includeTBD') || otherwise;
  for (const [name, value] of Object.entries({ includeTBA: tba, includeTBD: tbd })) {
    if (!['yes', 'no', 'only'].includes(value)) return badParameter(name, 'yes, no or only');
  }
  const [start, end] = [from ? Date.parse(from) : -Infinity, to ? Date.parse(to) : Infinity];
  return [
    ({ at, schedule }) => {
      if ((tba === 'only' && schedule !== 'tba') || (tbd === 'only' && schedule !== 'tbd')) return false;
      if (at !== undefined) return at >= start && at <= end;
      // Asked for alone, undated events lie in no window either.
      const wish = schedule === 'tba' ? tba : tbd;
      return wish === 'yes' || (wish === 'only' && !windowed);
    },
  ];
}

function isDateTime(text: string): boolean {
  if (!dateTime.test(text) || Number.isNaN(Date.parse(text))) return false;
  // `2026-02-31` is a date that `Date` moves to March.
  return isoSecond(Date.parse(text)) === text;
}

function nearOf(query: URLSearchParams): Filter<Venue> | Reply | undefined {
  const text = query.get('geoPoint') || query.get('latlong');
  if (!text) return undefined;
  const point = parsePoint(text);
  if (!point) return badParameter(query.get('geoPoint') ? 'geoPoint' : 'latlong', 'a geohash or a latitude and longitude');
  const radius = Number(query.get('radius') || 50);
  if (!(radius >= 0)) return badParameter('radius', 'a number of 0 or more');
  const unit = query.get('unit') || 'miles';
  if (unit !== 'miles' && unit !== 'km') return badParameter('unit', 'miles or km');
  return ({ latitude, longitude }) => latitude !== undefined && longitude !== undefined && distance(point, { latitude, longitude }, unit) <= radius;
}

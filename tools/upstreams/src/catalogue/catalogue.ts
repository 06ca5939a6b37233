import { artistOn, createArtists } from './artists.js';
import { createAttractions } from './attractions.js';
import { announcedEvents, createEvents, type Stage } from './events.js';
import { eventOn } from './event-state.js';
import type { Artist, Attraction, CatalogueEvent, CatalogueOptions, CatalogueView, EventSeed, Venue } from './types.js';
import { createVenues, openedVenues, venueOn } from './venues.js';
import { epochDay } from './zones.js';

/** Makes what exists on a day. */
export type ViewOf = (day: number) => CatalogueView;
/** Announced at most a year and a shift ahead: older batches are over. */
const longestLead = 440;
const keptViews = 3;

/** Servers of one process that have the same world share it: it is made once. */
const worlds = new Map<string, ViewOf>();
const keptWorlds = 4;

/** The seeded world: nothing is made before it is asked for, and the same day gives the same view again. */
export function createViews({ seed, baseDate, crowdedSecond = 0, unreachableVenues = 0 }: CatalogueOptions): ViewOf {
  const name = JSON.stringify([seed, baseDate, crowdedSecond, unreachableVenues]);
  const world = worlds.get(name) ?? makeViews({ seed, baseDate, crowdedSecond, unreachableVenues });
  worlds.delete(name);
  worlds.set(name, world);
  for (const old of [...worlds.keys()].slice(0, -keptWorlds)) worlds.delete(old);
  return world;
}

function makeViews({ seed, baseDate, crowdedSecond, unreachableVenues }: Required<CatalogueOptions>): ViewOf {
  const baseDay = epochDay(baseDate);
  const artists = lazy(() => createArtists(seed));
  const attractions = lazy(() => [...createAttractions(seed, artists())].sort(byId));
  const venues = lazy(() => createVenues(seed, unreachableVenues));
  const stage = lazy((): Stage => ({ seed, venuesByCountry: grouped(venues().filter(embeddable)), attractions: attractions() }));
  const events = lazy(() => createEvents(stage(), crowdedSecond));
  const announced = new Map<number, readonly EventSeed[]>();
  const batch = (day: number): readonly EventSeed[] => {
    const known = announced.get(day) ?? announcedEvents(stage(), day);
    announced.set(day, known);
    return known;
  };

  const make = (day: number): CatalogueView => {
    const artistsOn = lazy(() =>
      artists()
        .map((a) => artistOn(a, day, seed))
        .sort(byId),
    );
    const venuesOn = lazy(() => [...venues(), ...openedVenues(seed, day)].map((v) => venueOn(v, day)).sort(byId));
    const eventsOn = lazy(() => {
      const batches = [events()];
      for (let d = Math.max(1, day - longestLead); d <= day; d++) batches.push(batch(d));
      return batches
        .flat()
        .map((e) => eventOn(e, day, baseDay))
        .filter((e) => e !== undefined)
        .sort(byId);
    });
    return lazyView(day, artistsOn, venuesOn, attractions, eventsOn);
  };

  const views = new Map<number, CatalogueView>();
  return (day) => {
    const view = views.get(day) ?? make(day);
    views.delete(day);
    views.set(day, view);
    for (const old of [...views.keys()].slice(0, -keptViews)) views.delete(old);
    return view;
  };
}

/** The venues of the `unreachableVenues` knob appear in no event. */
function embeddable(venue: Venue): boolean {
  return venue.stateCode !== undefined || venue.countryCode !== 'US' || venue.hidden;
}

function lazyView(
  day: number,
  artists: () => readonly Artist[],
  venues: () => readonly Venue[],
  attractions: () => readonly Attraction[],
  events: () => readonly CatalogueEvent[],
): CatalogueView {
  const artistById = lazy(() => indexed(artists()));
  const venueById = lazy(() => indexed(venues()));
  const attractionById = lazy(() => indexed(attractions()));
  const eventById = lazy(() => indexed(events()));
  return {
    day,
    get artists() {
      return artists();
    },
    get artistById() {
      return artistById();
    },
    get venues() {
      return venues();
    },
    get venueById() {
      return venueById();
    },
    get attractions() {
      return attractions();
    },
    get attractionById() {
      return attractionById();
    },
    get events() {
      return events();
    },
    get eventById() {
      return eventById();
    },
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function indexed<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((item) => [item.id, item]));
}

function grouped(venues: readonly Venue[]): ReadonlyMap<string, readonly Venue[]> {
  const groups = new Map<string, Venue[]>();
  for (const venue of venues) {
    const group = groups.get(venue.countryCode);
    if (group) group.push(venue);
    else groups.set(venue.countryCode, [venue]);
  }
  return groups;
}

export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

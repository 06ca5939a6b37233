import { genres, segments } from './attractions.js';
import { countries, countryByCode, type Country } from './countries.js';
import { ticketmasterId } from './ids.js';
import { random, type Random } from './random.js';
import type { Attraction, ChangeKind, EventSeed, Schedule, Venue } from './types.js';
import { infos, nouns, tourWords } from './words.js';

/** What events are made from. */
export interface Stage {
  readonly seed: number;
  readonly venuesByCountry: ReadonlyMap<string, readonly Venue[]>;
  readonly attractions: readonly Attraction[];
}

/** One evening with more US events in eight seconds than a search can page through. */
export const crowdedEvening = { day: 180, events: 1300, seconds: 8, startSecond: 20 * 3600 } as const;
/** Where the events of the `crowdedSecond` knob lie: base date + 120 days. */
export const crowdedSecondDay = 120;
/** A hidden venue has an event every ten days, so that some event of every horizon embeds it. */
const residencyEvery = 10;
const yearDays = 365;
const announcedPerDay = 60;

const changes: readonly ChangeKind[] = [
  ...(['offsale', 'offsale', 'prices', 'prices', 'prices', 'renamed'] as const),
  ...(['rescheduled', 'rescheduled', 'rescheduled', 'cancelled', 'cancelled', 'postponed'] as const),
];

/** All events that were announced up to day 0. */
export function createEvents(stage: Stage, crowdedSecond = 0): readonly EventSeed[] {
  const events: EventSeed[] = [];
  const crowd = crowdOf(stage, 'crowd', crowdedEvening.events, crowdedEvening.day, (i) => crowdedEvening.startSecond + (i % crowdedEvening.seconds));
  const residencies = Array.from({ length: Math.ceil(yearDays / residencyEvery) }, (_, i) => residenciesOn(stage, 5 + i * residencyEvery)).flat();
  events.push(...crowd, ...residencies, ...crowdOf(stage, 'second', crowdedSecond, crowdedSecondDay, () => 20 * 3600));
  for (const country of countries) {
    const others = country.code === 'US' ? crowd.length + residencies.length : 0;
    for (let i = 0; i < country.events - others; i++) {
      const r = random(stage.seed, 'event', country.code, i);
      events.push(eventOf(stage, r, ticketmasterId(stage.seed, 'event', country.code, i), country, -r.int(120), startOf(r)));
    }
  }
  return events;
}

/** The events announced on one later day. */
export function announcedEvents(stage: Stage, day: number): readonly EventSeed[] {
  const weights = countries.flatMap((c) => Array.from({ length: Math.ceil(c.events / 100) }, () => c));
  const regular = Array.from({ length: announcedPerDay }, (_, i) => {
    const r = random(stage.seed, 'announced', day, i);
    const country = r.pick(weights);
    return eventOf(stage, r, ticketmasterId(stage.seed, 'event', `day${day}`, i), country, day, day + 1 + startOf(r));
  });
  const last = day + yearDays;
  return (last - 5) % residencyEvery === 0 ? [...regular, ...residenciesOn(stage, last, day)] : regular;
}

/** More than a fifth lies within two months, the rest evenly over the year. */
function startOf(r: Random): number {
  return r.chance(0.22) ? r.int(60) : r.int(yearDays);
}

function eventOf(stage: Stage, r: Random, id: string, country: Country, announcedOn: number, startDay: number): EventSeed {
  const attractions = attractionsOf(stage, r);
  const venues = venuesOf(stage, r, country);
  const schedule = scheduleOf(r);
  const change = changeOf(r, announcedOn, schedule);
  const genre = r.chance(0.06) ? undefined : (attractions[0]?.genre ?? r.pick(genres));
  return {
    id,
    name: eventName(r, attractions),
    countryCode: country.code,
    zone: venues[0]?.zone ?? country.places[0]?.zone ?? 'UTC',
    venueIds: venues.map((v) => v.id),
    attractionIds: attractions.map((a) => a.id),
    startDay,
    startSecond: r.pick([10, 14, 18, 19, 19, 19.5, 20, 20, 20.5, 21, 22]) * 3600,
    schedule,
    announcedOn,
    ...(change ? { change } : {}),
    ...(genre ? { genre } : {}),
    ...(r.chance(0.4) ? { price: priceOf(r, country.currency) } : {}),
    ...(r.chance(0.2) ? {} : { onSaleLead: r.between(20, 200) }),
    ...(r.chance(0.02) ? {} : { status: r.chance(0.9) ? ('onsale' as const) : ('offsale' as const) }),
    showsTimezone: !r.chance(0.2),
    nameless: r.chance(0.03),
    ...(r.chance(0.25) ? { info: r.pick(infos) } : {}),
  };
}

function attractionsOf({ attractions }: Stage, r: Random): readonly Attraction[] {
  const count = r.pick([0, 1, 1, 1, 1, 1, 1, 1, 2, 3]);
  return [...new Set(Array.from({ length: count }, () => r.pick(attractions)))];
}

function venuesOf({ venuesByCountry }: Stage, r: Random, country: Country): readonly Venue[] {
  const venues = venuesByCountry.get(country.code) ?? [];
  if (r.chance(0.03)) return [];
  const count = r.chance(0.005) ? 2 : 1;
  return [...new Set(Array.from({ length: count }, () => r.pick(venues)))];
}

function scheduleOf(r: Random): Schedule {
  const x = r.next();
  if (x < 0.02) return 'tba';
  if (x < 0.035) return 'tbd';
  if (x < 0.065) return 'noSpecificTime';
  return x < 0.085 ? 'timeTba' : 'dated';
}

function changeOf(r: Random, announcedOn: number, schedule: Schedule): EventSeed['change'] {
  if (!r.chance(0.5)) return undefined;
  const undated = schedule === 'tba' || schedule === 'tbd';
  return { on: announcedOn + r.between(1, 90), kind: undated ? 'dated' : r.pick(changes), shiftDays: r.between(3, 60) };
}

function eventName(r: Random, attractions: readonly Attraction[]): string {
  const [first, second] = attractions;
  if (!first) return `${r.pick(nouns)} ${r.pick(['Fair', 'Convention', 'Night – Ñoche', 'Weekend'])}`;
  if (second && r.chance(0.5)) return `${first.name} with ${second.name}`;
  return r.chance(0.5) ? first.name : `${first.name}: ${r.pick(tourWords)}`;
}

function priceOf(r: Random, currency: string): NonNullable<EventSeed['price']> {
  // Prices have cents; free events exist.
  const min = r.chance(0.04) ? 0 : r.between(900, 9000) / 100;
  return { min, max: Math.round((min + r.between(0, 12_000) / 100) * 100) / 100, currency };
}

/** US events that only share their moment; plain, so that nothing but their number is special. */
function crowdOf(stage: Stage, series: string, count: number, startDay: number, second: (index: number) => number): readonly EventSeed[] {
  const us = countryByCode.get('US') as Country;
  const venues = (stage.venuesByCountry.get('US') ?? []).filter((v) => v.stateCode === 'NY');
  return Array.from({ length: count }, (_, i) => {
    const r = random(stage.seed, series, i);
    const base = eventOf(stage, r, ticketmasterId(stage.seed, 'event', series, i), us, -100, startDay);
    const name = `Night of Open Stages: Stage ${i + 1}`;
    return { ...base, change: undefined, name, zone: 'America/New_York', venueIds: [r.pick(venues).id], schedule: 'dated', startSecond: second(i) };
  });
}

function residenciesOn(stage: Stage, startDay: number, announcedOn = -100): readonly EventSeed[] {
  const us = countryByCode.get('US') as Country;
  const venues = (stage.venuesByCountry.get('US') ?? []).filter((v) => v.hidden);
  return venues.map((venue, i) => {
    const r = random(stage.seed, 'residency', startDay, i);
    const base = eventOf(stage, r, ticketmasterId(stage.seed, 'event', `residency${startDay}`, 2 * i), us, announcedOn, startDay);
    return {
      ...base,
      change: undefined,
      zone: venue.zone,
      venueIds: [venue.id],
      schedule: 'dated',
      genre: genres.find((g) => g.segmentId === segments.Music),
    };
  });
}

import type { JobDefinition, JobStream, MarketOptions, StreamOptionsOf } from '@loadin/config';
import { needOf, type EntityStream } from '../stream-facts.js';
import { ASSUMED } from './assumptions.js';
import { exactly, range, sum } from './range.js';
import type { LastRun, Range, RefreshPlan, Window } from './types.js';

/** What is known without asking a source. */
export interface Known {
  /** The last complete run of the job, by stream id. */
  readonly last: ReadonlyMap<string, LastRun>;
  /** Events by day (`YYYY-MM-DD`), as far as runs have seen them. */
  readonly eventsByDay?: ReadonlyMap<string, number>;
  /** Of a refresh, what this run reads. Default: all of the horizon. */
  readonly reads?: Pick<RefreshPlan, 'windows' | 'share'>;
}

export interface Estimate {
  readonly calls: Range;
  readonly records: Range;
  /** What the expected numbers rest on. */
  readonly basis: string;
}

type Estimator<Id extends keyof StreamOptionsOf> = (options: Readonly<StreamOptionsOf[Id]>, known: Known, job: JobDefinition) => Estimate;

const NOTHING_KNOWN: Known = { last: new Map() };
const artistsPerPage = 10;
const artistsPerBatch = 50;
/** Of those that are read one by one. */
const idsPerPage = 10;
/** Results of a search for a name are looked through up to here. */
const pagesPerName = 5;
const idsPerCall = 100;
const itemsPerPage = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a run will ask a stream's source for. Every command that speaks of calls says what is worked out here. */
export function estimate(stream: JobStream, job: JobDefinition, known: Known = NOTHING_KNOWN): Estimate {
  switch (stream.id) {
    case 'spotify.artists':
      return artists(stream.options, known, job);
    case 'spotify.tracks':
      return tracks(stream.options, known, job);
    case 'ticketmaster.venues':
      return venues(stream.options, known, job);
    case 'ticketmaster.events':
      return events(stream.options, known, job);
    case 'ticketmaster.attractions':
      return attractions(stream.options, known, job);
    default:
      return entity(stream, known);
  }
}

/** How much there is of an entity only its source knows, which is not asked; what a run took is known after the first one. */
function entity(stream: EntityStream, { last }: Known): Estimate {
  const before = last.get(stream.id);
  const calls = needOf(stream) === 'postgres' ? exactly(0) : range(1, callsOf(before) ?? 1, null);
  return {
    calls,
    records: range(0, before?.records ?? 0, null),
    basis: before === undefined ? 'not known before a run has read it' : basisOf(before, ''),
  };
}

/** A search gives ten a page; ids come one by one, when the app may not ask for fifty; an artist of a name is among the first of a search. */
const artists: Estimator<'spotify.artists'> = ({ queries, ids, names, max_per_query }, { last }) => {
  const most = queries.length * Math.ceil(max_per_query / artistsPerPage) + ids.length + Math.sign(ids.length);
  const found = queries.length * max_per_query + ids.length + names.length;
  const before = last.get('spotify.artists');
  // A page of ids is a call for each of them.
  const pages = before && before.pages + ids.length - Math.ceil(ids.length / idsPerPage);
  const expected = before?.calls ?? pages ?? most + names.length;
  return {
    calls: range(queries.length + Math.ceil(ids.length / artistsPerBatch) + names.length, expected, most + names.length * pagesPerName),
    records: range(0, before?.records ?? found, found),
    basis: basisOf(before, 'every search gives as many as are asked for'),
  };
};

/** A call for each artist; an app that doesn't get top tracks learns it from the first. */
const tracks: Estimator<'spotify.tracks'> = ({ artist_ids, from_artists }, known, job) => {
  const source = job.streams.find((stream) => stream.id === 'spotify.artists');
  const followed = from_artists && source !== undefined ? estimate(source, job, known).records : exactly(0);
  const whose = sum([exactly(artist_ids.length), followed]);
  const before = known.last.get('spotify.tracks');
  return {
    calls: range(Math.min(1, artist_ids.length), callsOf(before) ?? whose.expected, whose.most),
    records: range(0, before?.records ?? whose.expected * ASSUMED.tracksOfArtist, whose.most === null ? null : whose.most * ASSUMED.tracksOfArtist),
    basis: basisOf(before, `${ASSUMED.tracksOfArtist} tracks an artist`),
  };
};

const venues: Estimator<'ticketmaster.venues'> = ({ countries, venue_ids }, { last }) => {
  const before = last.get('ticketmaster.venues');
  const wanted = before?.records ?? countries.length * ASSUMED.venuesOfCountry + venue_ids.length;
  const least = countries.length + Math.ceil(venue_ids.length / idsPerCall);
  // An id that a call for many leaves out is asked for alone.
  const most = countries.length === 0 ? least + venue_ids.length : null;
  return {
    calls: range(least, callsOf(before) ?? Math.ceil((wanted * ASSUMED.venueLooks) / itemsPerPage) + least, most),
    records: range(0, wanted, countries.length === 0 ? venue_ids.length : null),
    basis: basisOf(before, `${ASSUMED.venuesOfCountry.toLocaleString('en-US')} venues a country`),
  };
};

/** Each place takes a search for each window of dates and one each for what is to be announced and to be decided; then a call for every 200. */
const events: Estimator<'ticketmaster.events'> = ({ countries, markets, horizon_days, look_back_days }, known) => {
  const { share = 1, windows = [] } = known.reads ?? {};
  const before = known.last.get('ticketmaster.events');
  const years = Math.min(1, (horizon_days + look_back_days) / 365);
  const searches = countries.length + markets.reduce((sum, market) => sum + searchesOf(market), 0);
  const all = Math.min(
    ASSUMED.events.world,
    (countries.length * ASSUMED.events.ofCountry + (searches - countries.length) * ASSUMED.events.ofMarket) * years,
  );
  const undated = all * ASSUMED.events.undated;
  const seen = eventsWithin(windows, known.eventsByDay);
  const expected = seen > 0 ? seen + undated : all * share + undated;
  const least = searches * (2 + Math.max(1, windows.length));
  const pages = (records: number): number => least + Math.ceil((records / itemsPerPage) * ASSUMED.events.looks);
  const bounds = { least, most: pages(ASSUMED.events.world) };
  // A refresh reads another part each time: then the last run says little.
  const useLast = before !== undefined && known.reads === undefined;
  return {
    calls: range(bounds.least, (useLast ? callsOf(before) : undefined) ?? pages(expected), bounds.most),
    records: range(0, Math.round(useLast ? before.records : expected), ASSUMED.events.world),
    basis:
      seen > 0
        ? 'the events that earlier runs have seen on these days'
        : basisOf(useLast ? before : undefined, `${ASSUMED.events.ofCountry.toLocaleString('en-US')} events a country and year`),
  };
};

/** A market takes a search for each of its states with each of its classifications; a hundred ids are asked for together. */
function searchesOf({ states, classifications, dmas, venue_ids, attraction_ids }: MarketOptions): number {
  const lists = [states, classifications].map((list) => list?.length ?? 0);
  const ids = [dmas, venue_ids, attraction_ids].map((list) => Math.ceil((list?.length ?? 0) / idsPerCall));
  return [...lists, ...ids].reduce((product, number) => product * Math.max(1, number), 1);
}

/** Known events of the days of windows; of a day that a window has in part, that part. A day that no run has seen counts as an average one. */
function eventsWithin(windows: readonly Window[], eventsByDay: ReadonlyMap<string, number> = new Map()): number {
  let [events, seen, unseen] = [0, 0, 0];
  for (const { from, to } of windows)
    for (let day = Math.floor(Date.parse(from) / DAY_MS) * DAY_MS; day <= Date.parse(to); day += DAY_MS) {
      const part = (Math.min(Date.parse(to) + 1_000, day + DAY_MS) - Math.max(Date.parse(from), day)) / DAY_MS;
      const known = eventsByDay.get(new Date(day).toISOString().slice(0, 10));
      events += (known ?? 0) * part;
      if (known === undefined) unseen += part;
      else seen += part;
    }
  return seen === 0 ? 0 : (events / seen) * (seen + unseen);
}

/** What the events of the run embed costs no call. */
const attractions: Estimator<'ticketmaster.attractions'> = ({ ids, keywords, from_events }, known, job) => {
  const source = job.streams.find((stream) => stream.id === 'ticketmaster.events');
  const embedded = from_events && source !== undefined ? estimate(source, job, known).records.expected * ASSUMED.attractionsPerEvent : 0;
  const before = known.last.get('ticketmaster.attractions');
  const found = ids.length + keywords.length * ASSUMED.attractionsOfKeyword + embedded;
  const least = Math.ceil(ids.length / idsPerCall) + keywords.length;
  return {
    calls: range(least, least, keywords.length > 0 ? null : least + ids.length),
    records: range(0, Math.round(before?.records ?? found), from_events || keywords.length > 0 ? null : ids.length),
    basis: basisOf(before, 'two attractions for five events'),
  };
};

/** Of a run that is known; a page is a call at least. */
const callsOf = (before: LastRun | undefined): number | undefined => before?.calls ?? before?.pages;

const basisOf = (before: LastRun | undefined, otherwise: string): string =>
  before === undefined ? `assumed: ${otherwise}` : `the last run, of ${before.scheduled_time}`;

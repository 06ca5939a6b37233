import type { JobDefinition, JobStream, StreamOptionsOf } from '@loadin/config';
import { ASSUMED } from './assumptions.js';
import { exactly, range, sum } from './range.js';
import type { LastRun, Range } from './types.js';

/** What is known without asking a source. */
export interface Known {
  /** The last complete run of the job, by stream id. */
  readonly last: ReadonlyMap<string, LastRun>;
  /** Events by day (`YYYY-MM-DD`), as far as runs have seen them. */
  readonly eventsByDay?: ReadonlyMap<string, number>;
  /** Of a refresh, the days that this run reads. Default: all of the horizon. */
  readonly daysRead?: readonly string[];
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
const itemsPerPage = 200;
const itemsPerSearch = 1_000;

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
  }
}

/** A search gives ten a page; ids come one by one, when the app may not ask for fifty; a name is a search whose first page is looked through. */
const artists: Estimator<'spotify.artists'> = ({ queries, ids, names, max_per_query }, { last }) => {
  const most = queries.length * Math.ceil(max_per_query / artistsPerPage) + ids.length + Math.sign(ids.length) + names.length;
  const found = queries.length * max_per_query + ids.length + names.length;
  const before = last.get('spotify.artists');
  return {
    calls: range(queries.length + Math.ceil(ids.length / artistsPerBatch) + names.length, most, most),
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
    calls: range(Math.min(1, artist_ids.length), before?.pages ?? whose.expected, whose.most),
    records: range(0, before?.records ?? whose.expected * ASSUMED.tracksOfArtist, whose.most === null ? null : whose.most * ASSUMED.tracksOfArtist),
    basis: basisOf(before, `${ASSUMED.tracksOfArtist} tracks an artist`),
  };
};

const venues: Estimator<'ticketmaster.venues'> = ({ countries, venue_ids }, { last }) => {
  const before = last.get('ticketmaster.venues');
  const wanted = before?.records ?? countries.length * ASSUMED.venuesOfCountry + venue_ids.length;
  const least = countries.length + venue_ids.length;
  return {
    calls: range(least, before?.pages ?? Math.ceil((wanted * ASSUMED.venueLooks) / itemsPerPage) + least, countries.length === 0 ? least : null),
    records: range(0, wanted, countries.length === 0 ? venue_ids.length : null),
    basis: basisOf(before, `${ASSUMED.venuesOfCountry.toLocaleString('en-US')} venues a country`),
  };
};

/** Each place takes a search for dated events and one each for those to be announced and to be decided; then a call for every 200. */
const events: Estimator<'ticketmaster.events'> = (options, known) => {
  const { countries, markets, horizon_days, look_back_days } = options;
  const places = countries.length + markets.length;
  const days = horizon_days + look_back_days;
  const before = known.last.get('ticketmaster.events');
  const assumed = Math.min(
    ASSUMED.events.world,
    ((countries.length * ASSUMED.events.ofCountry + markets.length * ASSUMED.events.ofMarket) * Math.min(days, 365)) / 365,
  );
  const share = known.daysRead === undefined ? 1 : known.daysRead.length / days;
  const counted = known.daysRead?.reduce((total, day) => total + (known.eventsByDay?.get(day) ?? 0), 0) ?? 0;
  const undated = assumed * ASSUMED.events.undated;
  const expected = counted > 0 ? counted + undated : (before?.records ?? assumed * share + undated);
  const pages = (records: number): number => Math.ceil((records / itemsPerPage) * ASSUMED.events.looks);
  const least = places * 3;
  const most = least + pages(ASSUMED.events.world);
  return {
    calls: range(least, counted > 0 || before === undefined ? least + pages(expected) : before.pages, most),
    records: range(0, Math.round(expected), ASSUMED.events.world),
    basis:
      counted > 0
        ? 'the events that earlier runs have seen on these days'
        : basisOf(before, `${ASSUMED.events.ofCountry.toLocaleString('en-US')} events a country and year`),
  };
};

/** What the events of the run embed costs no call. */
const attractions: Estimator<'ticketmaster.attractions'> = ({ ids, keywords, from_events }, known, job) => {
  const source = job.streams.find((stream) => stream.id === 'ticketmaster.events');
  const embedded = from_events && source !== undefined ? estimate(source, job, known).records.expected * ASSUMED.attractionsPerEvent : 0;
  const before = known.last.get('ticketmaster.attractions');
  const found = ids.length + keywords.length * ASSUMED.attractionsOfKeyword + embedded;
  const least = Math.sign(ids.length) + keywords.length;
  const most = ids.length + (keywords.length * itemsPerSearch) / itemsPerPage;
  return {
    calls: range(least, ids.length + keywords.length, most),
    records: range(0, Math.round(before?.records ?? found), from_events ? null : ids.length + keywords.length * itemsPerSearch),
    basis: basisOf(before, 'two attractions for five events'),
  };
};

const basisOf = (before: LastRun | undefined, otherwise: string): string =>
  before === undefined ? `assumed: ${otherwise}` : `the last run, of ${before.scheduled_time}`;

import type { Upstreams } from '@loadin/upstreams';
import type { DataRecord } from './read-stream.js';

const DAY_MS = 86_400_000;

const ID_FIELD = { artists: 'artist_id', venues: 'venue_id', events: 'concert_id' } as const;

export type DataType = keyof typeof ID_FIELD;

export const DATA_TYPES: readonly DataType[] = ['artists', 'venues', 'events'];

/** What a jobs file selects. */
export interface Selection {
  readonly queries?: readonly string[];
  readonly ids?: readonly string[];
  readonly countries: readonly string[];
  readonly horizonDays: number;
  /** Default 1: the events' window reaches a day back, since the day that ends now is not over in every zone. */
  readonly lookBackDays?: number;
}

/** The ids that a run scheduled for `at` must bring, by the catalogue itself; sorted. */
export function expectedIds({ catalogue }: Upstreams, selection: Selection, at: string): Readonly<Record<DataType, string[]>> {
  const { queries = [], ids = [], countries, horizonDays, lookBackDays = 1 } = selection;
  const day = (days: number): string => new Date(Date.parse(at) + days * DAY_MS).toISOString();
  const window = { countries, from: day(-lookBackDays), to: day(horizonDays) };
  const venues = new Set([...catalogue.expected.venues({ countries }), ...catalogue.expected.embeddedVenues(window)]);
  const named = (source: string, found: Iterable<string>): string[] => [...found].map((id) => `${source}_${id}`).sort();
  return {
    artists: named('spotify', catalogue.expected.artists({ queries, ids })),
    venues: named('ticketmaster', venues),
    events: named('ticketmaster', catalogue.expected.events(window)),
  };
}

export const idOf = (record: DataRecord, dataType: DataType): string => String(record[ID_FIELD[dataType]]);

/** Ids of records in order, each as often as it is there. */
export const idsOf = (records: readonly DataRecord[], dataType: DataType): string[] => records.map((record) => idOf(record, dataType)).sort();

/** Ids, sorted, each once. */
export const differentIdsOf = (records: readonly DataRecord[], dataType: DataType): string[] => [...new Set(idsOf(records, dataType))];

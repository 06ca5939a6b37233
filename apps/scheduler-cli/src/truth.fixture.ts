import type { Upstreams } from '@loadin/upstreams';
import type { DataRecord } from './lake.fixture.js';
import { SELECTION } from './world.fixture.js';

const DAY_MS = 86_400_000;
/** The events' window reaches a day back: the day that ends now is not over in every zone. */
const LOOK_BACK_DAYS = 1;

export const ID_FIELD = { artists: 'artist_id', venues: 'venue_id', events: 'concert_id' } as const;
export type DataType = keyof typeof ID_FIELD;

/** The ids that a run scheduled for `at` must bring, by the catalogue itself; sorted. */
export function truth({ catalogue }: Upstreams, at: string): Readonly<Record<DataType, string[]>> {
  const { queries, ids, countries, horizonDays } = SELECTION;
  const day = (days: number): string => new Date(Date.parse(at) + days * DAY_MS).toISOString();
  const window = { countries, from: day(-LOOK_BACK_DAYS), to: day(horizonDays) };
  const venues = new Set([...catalogue.expected.venues({ countries }), ...catalogue.expected.embeddedVenues(window)]);
  return {
    artists: catalogue.expected
      .artists({ queries, ids })
      .map((id) => `spotify_${id}`)
      .sort(),
    venues: [...venues].map((id) => `ticketmaster_${id}`).sort(),
    events: catalogue.expected
      .events(window)
      .map((id) => `ticketmaster_${id}`)
      .sort(),
  };
}

/** Ids of records in order, each as often as it is there. */
export const idsOf = (records: readonly DataRecord[], dataType: DataType): string[] =>
  records.map((record) => String(record[ID_FIELD[dataType]])).sort();

/** Ids, sorted, each once. */
export const differentIdsOf = (records: readonly DataRecord[], dataType: DataType): string[] => [...new Set(idsOf(records, dataType))];

import { isoSeconds } from '../kit/windows/time.js';
import { pageSize, searchCap, totalCap } from './client.js';
import { idOf, listAt, stateOf, textAt, venuesOf } from './raw.js';
import { segmentIds, stateCodes } from './states.js';
import type { Json } from '@loadin/pipeline';
import type { WindowDeclaration } from '../kit/windows/types.js';

/** How searches of events are cut; `countryCode` tells which states there are. */
export function eventWindows(countryCode?: string): WindowDeclaration {
  return {
    items: 'events',
    cap: searchCap,
    totalCap,
    pageSize,
    idOf,
    time: {
      from: 'startDateTime',
      to: 'endDateTime',
      startOf,
      orders: { parameter: 'sort', earliest: 'date,asc', latest: 'date,desc' },
      // Each alone: asked for together they answer nothing.
      undated: [
        { query: { includeTBA: 'only' }, title: 'date to be announced' },
        { query: { includeTBD: 'only' }, title: 'date to be determined' },
      ],
    },
    splitBy: [
      {
        parameter: 'segmentId',
        values: segmentIds,
        valuesOf: (raw) => listAt(raw, 'classifications').flatMap((each) => textAt(each, 'segment', 'id') ?? []),
      },
      {
        // Events without a classification are in no segment, but most have a state.
        parameter: 'stateCode',
        values: stateCodes[countryCode ?? ''] ?? [],
        valuesOf: (raw) => venuesOf(raw).flatMap((venue) => stateOf(venue) ?? []),
      },
    ],
    orders: { parameter: 'sort', values: ['name,asc', 'name,desc'] },
  };
}

/** Without a time the service compares some hour of the day that the record doesn't say. */
function startOf(raw: Json): number {
  const dateTime = textAt(raw, 'dates', 'start', 'dateTime');
  return dateTime === undefined ? NaN : isoSeconds.seconds(dateTime);
}

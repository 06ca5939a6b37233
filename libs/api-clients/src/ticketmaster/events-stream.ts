import { FatalError, type Json, type Slice, type Stream } from '@loadin/pipeline';
import { readCapped } from './capped-reader.js';
import type { TicketmasterClient } from './client.js';
import { createEventSplitter, type EventSlice } from './event-splitter.js';
import { countryOf, idOf, venuesOf } from './raw.js';
import { fromSeconds, toSeconds } from './window.js';

export interface TicketmasterEventsStreamOptions {
  readonly client: TicketmasterClient;
  /** ISO 3166-1 codes: `US`. One slice each. */
  readonly countries: readonly string[];
  /** How far ahead of the scheduled time events are read. */
  readonly horizonDays: number;
  /** How far before the scheduled time: the day that ends now is in other zones not over yet. Default 1. */
  readonly lookBackDays?: number;
}

const daySeconds = 86_400;

/** `ticketmaster.events`: all events of the countries from `lookBackDays` ago to `horizonDays` ahead, and all undated (TBA, TBD) ones. */
export function createTicketmasterEventsStream({ client, countries, horizonDays, lookBackDays = 1 }: TicketmasterEventsStreamOptions): Stream {
  const id = 'ticketmaster.events';
  return {
    id,
    source: 'ticketmaster',
    dataType: 'events',
    readMode: 'full',
    plan({ scheduledTime }) {
      const at = toSeconds(scheduledTime);
      if (Number.isNaN(at)) throw new FatalError('the scheduled time is not an ISO time', { where: id });
      const each = [...new Set(countries)];
      const bounds = { from: fromSeconds(at - lookBackDays * daySeconds), to: fromSeconds(at + horizonDays * daySeconds), countries: each };
      return each.map((countryCode, ordinal) => ({ ordinal, name: countryCode, bounds: { countryCode, ...bounds } }));
    },
    read: (slice, options) =>
      readCapped({
        client,
        kind: 'events',
        splitter: createEventSplitter(slice.bounds as unknown as EventSlice),
        isOurs: (query) => query['countryCode'] === slice.bounds['countryCode'],
        streamId: id,
        options,
      }),
    key: idOf,
    belongs: (raw, slice) => owner(raw, slice) === slice.bounds['countryCode'],
  };
}

/**
 * The country whose slice delivers an event: that of its first venue in a country that is read. Events without one, for a venue in a
 * country that is not read or without a country, belong to the slice that found them.
 */
function owner(raw: Json, slice: Slice): string {
  const { countryCode, countries } = slice.bounds as { countryCode: string; countries: readonly string[] };
  const found = venuesOf(raw)
    .map(countryOf)
    .find((code) => code !== undefined && countries.includes(code));
  return found ?? countryCode;
}

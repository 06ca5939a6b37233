import { CONCERT_STATUSES, Concert, type ConcertStatus } from '../records/concert.js';
import type { Parsed, Reason } from '../types.js';
import { identify, readEntityId } from '../fields/identity.js';
import { readObject, readText, readYesNo, type Json } from '../fields/read.js';
import { finish } from '../validation/finish.js';
import { readEnd, readInitialStart, readPresales, readSales, readStart } from './dates.js';
import { firstVenue, readAttractions, readClassification, readPriceRanges } from './lists.js';

/** An event of Ticketmaster's Discovery API v2 as a normalized record. Never throws; fields always come in the same order. */
export function parseConcert(raw: unknown): Parsed<Concert> {
  const identified = identify(raw, 'event');
  if (!identified.ok) return identified;
  const json = identified.record;
  const reasons: Reason[] = [];
  const record = readConcert(reasons, json);
  return finish(Concert, record, reasons);
}

function readConcert(reasons: Reason[], json: Json & { id: string }): Concert {
  const embedded = readObject(reasons, '_embedded', json['_embedded']);
  const dates = readObject(reasons, 'dates', json['dates']);
  const { json: venue, path } = firstVenue(reasons, embedded['venues']);
  const start = readStart(reasons, dates);
  const initial = readInitialStart(reasons, dates);
  const classification = readClassification(reasons, json['classifications']);
  const end = readEnd(reasons, dates);
  const sales = readObject(reasons, 'sales', json['sales']);
  const publicSale = readSales(reasons, sales['public']);
  return {
    concert_id: `ticketmaster_${json.id}`,
    name: readText(reasons, 'name', json['name']),
    attractions: readAttractions(reasons, embedded['attractions']),
    venue_id: readEntityId(reasons, `${path}.id`, 'ticketmaster', venue['id']),
    venue_name: readText(reasons, `${path}.name`, venue['name']),
    date_status: start.date_status,
    start_datetime_utc: start.start_datetime_utc,
    local_date: start.local_date,
    local_time: start.local_time,
    end_datetime_utc: end.end_datetime_utc,
    end_local_date: end.end_local_date,
    end_local_time: end.end_local_time,
    end_approximate: end.end_approximate,
    spans_multiple_days: readYesNo(reasons, 'dates.spanMultipleDays', dates['spanMultipleDays']),
    timezone: readText(reasons, 'dates.timezone', dates['timezone']) ?? readText(reasons, `${path}.timezone`, venue['timezone']),
    initial_start_datetime_utc: initial.instant,
    initial_start_local_date: initial.date,
    initial_start_local_time: initial.time,
    status: readStatus(reasons, dates['status']),
    segment: classification.segment,
    genre: classification.genre,
    subgenre: classification.subgenre,
    price_ranges: readPriceRanges(reasons, json['priceRanges']),
    onsale_status: publicSale.onsale_status,
    onsale_start: publicSale.onsale_start,
    onsale_end: publicSale.onsale_end,
    presales: readPresales(reasons, sales['presales']),
    url: readText(reasons, 'url', json['url']),
    country_code: readText(reasons, `${path}.country.countryCode`, readObject(reasons, `${path}.country`, venue['country'])['countryCode']),
    ticketmaster_id: json.id,
    source: 'ticketmaster',
  };
}

// A new word of the source's must not keep events out of the lake; it reads as unknown until the record's schema knows it.
function readStatus(reasons: Reason[], value: unknown): ConcertStatus | null {
  const code = readText(reasons, 'dates.status.code', readObject(reasons, 'dates.status', value)['code'])?.toLowerCase();
  const spelled = code === 'canceled' ? 'cancelled' : code;
  return CONCERT_STATUSES.find((status) => status === spelled) ?? null;
}

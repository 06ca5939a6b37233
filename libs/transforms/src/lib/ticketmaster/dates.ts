import type { Concert, DateStatus } from '../records/concert.js';
import type { Presale } from '../records/presale.js';
import type { Reason } from '../types.js';
import { readFlag, readObject, readObjects, readText, readYesNo, type Json } from '../fields/read.js';
import { readInstant, readLocalDate, readLocalTime } from '../fields/time.js';

interface Start {
  instant: string | null;
  date: string | null;
  time: string | null;
}

type StartFields = Pick<Concert, 'date_status' | 'start_datetime_utc' | 'local_date' | 'local_time'>;

/** An event's `dates.start`. What the source calls unknown stays unknown, even when a placeholder stands beside the flag. */
export function readStart(reasons: Reason[], dates: Json): StartFields {
  const json = readObject(reasons, 'dates.start', dates['start']);
  const start = readDateFields(reasons, 'dates.start', json);
  const flag = (name: string) => readFlag(reasons, `dates.start.${name}`, json[name]);
  const flags = { dateTBA: flag('dateTBA'), dateTBD: flag('dateTBD'), timeTBA: flag('timeTBA'), noSpecificTime: flag('noSpecificTime') };
  const status = statusOf(start, flags);
  const dated = status === 'dated';
  const day = dated || status === 'time_tba' || status === 'no_specific_time';
  return {
    date_status: status,
    start_datetime_utc: dated ? start.instant : null,
    local_date: day ? start.date : null,
    local_time: dated ? start.time : null,
  };
}

function statusOf(start: Start, flags: Record<'dateTBA' | 'dateTBD' | 'timeTBA' | 'noSpecificTime', boolean>): DateStatus | null {
  if (flags.dateTBA) return 'date_tba';
  if (flags.dateTBD) return 'date_tbd';
  if (flags.timeTBA) return 'time_tba';
  if (flags.noSpecificTime) return 'no_specific_time';
  if (start.instant !== null || (start.date !== null && start.time !== null)) return 'dated';
  return start.date === null ? null : 'no_specific_time';
}

/** An event's `dates.initialStartDate`: what was announced before it was postponed. */
export function readInitialStart(reasons: Reason[], dates: Json): Start {
  return readDateFields(reasons, 'dates.initialStartDate', readObject(reasons, 'dates.initialStartDate', dates['initialStartDate']));
}

function readDateFields(reasons: Reason[], path: string, json: Json): Start {
  return {
    instant: readInstant(reasons, `${path}.dateTime`, json['dateTime']),
    date: readLocalDate(reasons, `${path}.localDate`, json['localDate']),
    time: readLocalTime(reasons, `${path}.localTime`, json['localTime']),
  };
}

type EndFields = Pick<Concert, 'end_datetime_utc' | 'end_local_date' | 'end_local_time' | 'end_approximate'>;

/** An event's `dates.end`. Without a specific time the day alone counts, whatever stands beside the flag. */
export function readEnd(reasons: Reason[], dates: Json): EndFields {
  const json = readObject(reasons, 'dates.end', dates['end']);
  const end = readDateFields(reasons, 'dates.end', json);
  const timeless = readFlag(reasons, 'dates.end.noSpecificTime', json['noSpecificTime']);
  return {
    end_datetime_utc: timeless ? null : end.instant,
    end_local_date: end.date,
    end_local_time: timeless ? null : end.time,
    end_approximate: readYesNo(reasons, 'dates.end.approximate', json['approximate']),
  };
}

type SaleFields = Pick<Concert, 'onsale_status' | 'onsale_start' | 'onsale_end'>;

/** An event's `sales.public`. A fifth of the on-sale dates are 1900-01-01, the source's way to say unknown. */
export function readSales(reasons: Reason[], value: unknown): SaleFields {
  const json = readObject(reasons, 'sales.public', value);
  const start = known(readInstant(reasons, 'sales.public.startDateTime', json['startDateTime']));
  const end = known(readInstant(reasons, 'sales.public.endDateTime', json['endDateTime']));
  const decided = !readFlag(reasons, 'sales.public.startTBD', json['startTBD']);
  const announced = !readFlag(reasons, 'sales.public.startTBA', json['startTBA']);
  if (!announced) return { onsale_status: 'tba', onsale_start: null, onsale_end: end };
  if (!decided) return { onsale_status: 'tbd', onsale_start: null, onsale_end: end };
  return { onsale_status: start === null ? null : 'dated', onsale_start: start, onsale_end: end };
}

export function readPresales(reasons: Reason[], value: unknown): Presale[] | null {
  return readObjects(reasons, 'sales.presales', value, (json, path) => ({
    name: readText(reasons, `${path}.name`, json['name']),
    start_datetime_utc: known(readInstant(reasons, `${path}.startDateTime`, json['startDateTime'])),
    end_datetime_utc: known(readInstant(reasons, `${path}.endDateTime`, json['endDateTime'])),
    url: readText(reasons, `${path}.url`, json['url']),
  }));
}

const known = (instant: string | null): string | null => (instant !== null && instant >= '1901' ? instant : null);

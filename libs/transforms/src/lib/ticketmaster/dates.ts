import type { Concert, DateStatus } from '../records/concert.js';
import type { Reason } from '../types.js';
import { readFlag, readObject, type Json } from '../fields/read.js';
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

/** An event's `sales.public`. A fifth of the on-sale dates are 1900-01-01, the source's way to say unknown. */
export function readSales(reasons: Reason[], value: unknown): Pick<Concert, 'onsale_start' | 'onsale_end'> {
  const json = readObject(reasons, 'sales.public', readObject(reasons, 'sales', value)['public']);
  const start = readInstant(reasons, 'sales.public.startDateTime', json['startDateTime']);
  const end = readInstant(reasons, 'sales.public.endDateTime', json['endDateTime']);
  const unannounced = ['startTBD', 'startTBA'].filter((name) => readFlag(reasons, `sales.public.${name}`, json[name])).length > 0;
  return { onsale_start: unannounced ? null : known(start), onsale_end: known(end) };
}

const known = (instant: string | null): string | null => (instant !== null && instant >= '1901' ? instant : null);

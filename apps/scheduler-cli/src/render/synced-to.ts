import { utcText } from '@loadin/pipeline';
import { instant } from './units.js';

/** Up to where a stream is read: a time, and the key among the records of that time; or a cursor that is no time. A checkpoint may have been written by hand: what it lacks is a dash. */
export function syncedTo({ last_sync_timestamp: time, cursor, cursor_key: key }: Readonly<Record<string, unknown>>): string {
  const isTime = typeof cursor !== 'string' || /^\d{4}-\d\d-\d\d/.test(cursor);
  const first = !isTime ? cursor : typeof time === 'string' ? moment(time) : '–';
  const parts = [key ?? []].flat().map(String);
  return parts.length === 0 ? first : `${first}, ${parts.join(', ')}`;
}

/** People may write a date alone, or an offset. What is no time is shown as it is: it is to be seen. */
function moment(text: string): string {
  const utc = utcText(text);
  return utc === undefined ? text : instant(utc);
}

import { DATE_PRECISIONS, type DatePrecision } from '../records/track.js';
import type { Reason } from '../types.js';
import { readText, type Json } from '../fields/read.js';
import { quoted } from '../fields/time.js';
import { isPartialDate } from '../validation/formats.js';

const LENGTHS: Readonly<Record<DatePrecision, number>> = { year: 4, month: 7, day: 10 };

interface ReleaseDate {
  date: string | null;
  precision: DatePrecision | null;
}

/**
 * An album's `release_date` with its `release_date_precision`, never more than both allow: with precision `year` the month and day of 1981-01-01 stand
 * there only to fill the field, and a text of 1981 is no day, whatever the precision says.
 */
export function readReleaseDate(reasons: Reason[], album: Json): ReleaseDate {
  const text = readText(reasons, 'album.release_date', album['release_date']);
  const stated = readPrecision(reasons, album['release_date_precision']);
  if (text === null || text.startsWith('0000')) return { date: null, precision: null };
  if (!isPartialDate(text)) {
    reasons.push({ path: 'album.release_date', message: `must be a date such as 1981, 1981-12 or 1981-12-15, is ${quoted(text)}` });
    return { date: null, precision: null };
  }
  const length = Math.min(text.length, stated === null ? text.length : LENGTHS[stated]);
  return { date: text.slice(0, length), precision: DATE_PRECISIONS.find((precision) => LENGTHS[precision] === length) ?? null };
}

// A word that nobody knows says nothing: the text counts then.
function readPrecision(reasons: Reason[], value: unknown): DatePrecision | null {
  const word = readText(reasons, 'album.release_date_precision', value);
  return DATE_PRECISIONS.find((precision) => precision === word) ?? null;
}

import type { Reason } from '../types.js';
import { isInstant, isLocalDate, isLocalTime } from '../validation/formats.js';
import { readText } from './read.js';

const WITH_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/**
 * An instant, written in UTC: `2026-05-03T17:00:00Z`. Other offsets are converted; fractions of a second are kept as written.
 * A time without an offset is refused: taking it for UTC would make up the hour.
 */
export function readInstant(reasons: Reason[], path: string, value: unknown): string | null {
  const text = readText(reasons, path, value);
  if (text === null || isInstant(text)) return text;
  const instant = inUtc(text);
  if (instant === null) reasons.push({ path, message: `must be a time with its offset, such as 2026-05-03T17:00:00Z, is ${quoted(text)}` });
  return instant;
}

function inUtc(text: string): string | null {
  const parts = WITH_OFFSET.exec(text);
  if (!parts) return null;
  const [, minute, second = ':00', fraction = '', offset = 'Z'] = parts;
  // Checked as if it were UTC, so that 31 February is refused rather than rolled over into March.
  if (!isInstant(`${minute}${second}Z`)) return null;
  const zone = offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const time = Date.parse(`${minute}${second}${zone}`);
  const instant = Number.isNaN(time) ? '' : new Date(time).toISOString().replace('.000Z', `${fraction}Z`);
  return isInstant(instant) ? instant : null;
}

export function readLocalDate(reasons: Reason[], path: string, value: unknown): string | null {
  const text = readText(reasons, path, value);
  if (text === null || isLocalDate(text)) return text;
  reasons.push({ path, message: `must be a date such as 2026-05-03, is ${quoted(text)}` });
  return null;
}

/** A wall-clock time; `19:30` reads as `19:30:00`. */
export function readLocalTime(reasons: Reason[], path: string, value: unknown): string | null {
  const text = readText(reasons, path, value);
  if (text === null || isLocalTime(text)) return text;
  if (isLocalTime(`${text}:00`)) return `${text}:00`;
  reasons.push({ path, message: `must be a time such as 19:30:00, is ${quoted(text)}` });
  return null;
}

/** A source's text in a message, cut where it is long. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));

import { FatalError } from '@loadin/resilience';

/** `2024-11-08T12:00:00Z`: UTC with whole seconds, the only form of a time in object names and output. */
export function isoSecond(epochMs: number): string {
  return `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

export const plusSeconds = (iso: string, seconds: number): string => isoSecond(Date.parse(iso) + seconds * 1000);

/** Reads a time that a user or a scheduler gave: ISO 8601 with a zone (`Z` or an offset), or a date alone (midnight UTC). */
export function parseScheduledTime(text: string): string {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;
  const epoch = form.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(epoch)) {
    throw new FatalError(`"${text}" is not a time that a run can be scheduled for`, {
      hint: 'Give ISO 8601 with a zone, for example 2024-11-08T02:00:00Z.',
    });
  }
  return isoSecond(epoch);
}

/** `Date.parse` takes the 31st of November for the 1st of December. */
const isDay = (date: string): boolean => !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date);

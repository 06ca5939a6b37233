/**
 * A position in the order of an incremental stream's records, as the source writes it: `['2024-01-15T10:30:00.123456Z', '42']` is a time and, among
 * the records of that time, a key. Never empty. One with fewer parts lies before all that begin with the same parts. Plain JSON: it is kept in plans,
 * progress and checkpoints.
 */
export type Cursor = readonly [string, ...string[]];

/**
 * How a part of a cursor is compared. `time`: ISO 8601 with any number of digits of a second, without a zone UTC · `number`: decimal digits, as many
 * as there are, exactly · `text`: by code point, as databases do in the collation `C`.
 */
export type CursorKind = 'time' | 'number' | 'text';

/** What lies after `from` up to `to`, `to` included. `null`: from the very beginning; up to an end that is not known. */
export interface Interval {
  readonly from: Cursor | null;
  readonly to: Cursor | null;
}

// One definition of each text format, used by the parsers and by the constraints on normalized records.

export const INSTANT = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
export const DATE = /^\d{4}-\d\d-\d\d$/;
/** As much of a date as is known: `1981`, `1981-12`, `1981-12-15`. */
export const PARTIAL_DATE = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;
export const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
export const DECIMAL = /^-?\d+(?:\.\d+)?$/;
// A Kinesis partition key holds 256 characters; printable ASCII keeps ids safe in object names, keys and logs.
export const SOURCE_ID = /^[\x21-\x7e]{1,200}$/;
/** What makes a text a filled one; `\S` and `trim` mean the same white space. */
export const FILLED = /\S/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that the (proleptic Gregorian) calendar has. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** `2026-05-03T17:00:00Z`: an instant in UTC, at least to the second. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && INSTANT.test(value) && beginsWithDay(value);
}

/** `2026-05-03`. */
export function isLocalDate(value: unknown): value is string {
  return typeof value === 'string' && DATE.test(value) && beginsWithDay(value);
}

// Without capture groups and slices: this is called some ten times for an event.
const beginsWithDay = (text: string): boolean => isCalendarDay(digits(text, 0) * 100 + digits(text, 2), digits(text, 5), digits(text, 8));
const digits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** `1981`, `1981-12` or `1981-12-15`. */
export function isPartialDate(value: unknown): boolean {
  return typeof value === 'string' && (value.length === 10 ? isLocalDate(value) : PARTIAL_DATE.test(value));
}

/** `19:30:00`. */
export function isLocalTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value);
}

/** `0`, `49.5`, `-3`: a decimal number without exponent, so that money passes through unchanged. */
export function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && DECIMAL.test(value);
}

/** A source's id that can be a key: 1 to 200 printable ASCII characters without spaces. */
export function isSourceId(value: unknown): value is string {
  return typeof value === 'string' && SOURCE_ID.test(value);
}

/** `{source}_{source id}`, of one source. */
export const entityIdPattern = (source: string): RegExp => new RegExp(SOURCE_ID.source.replace('^', `^${source}_`));

/** A text with something in it: records hold null where the source has nothing, never "". */
export function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** When a job is due, read from an expression. Plain data. */
export type Schedule = CronSchedule | RateSchedule;

/** Due at minutes of the wall clock of a zone. */
export interface CronSchedule {
  readonly kind: 'cron';
  /** As it was written. */
  readonly text: string;
  /** IANA name of the zone whose wall clock counts: `UTC`, `Europe/Dublin`. */
  readonly zone: string;
  /** Ascending, 0 to 59. */
  readonly minutes: readonly number[];
  /** Ascending, 0 to 23. */
  readonly hours: readonly number[];
  /** Ascending, 1 to 12. */
  readonly months: readonly number[];
  /** Ascending, 1970 to 2199. */
  readonly years: readonly number[];
  readonly date: DateRule;
  readonly weekday: WeekdayRule;
  /** `true`: a day fits when its date or its weekday does, as crontabs have it where both are restricted. `false`: when both do. */
  readonly either: boolean;
}

/** Due at whole multiples of a time, counted from 1970-01-01T00:00:00Z, so that every machine counts alike. */
export interface RateSchedule {
  readonly kind: 'rate';
  readonly text: string;
  readonly everyMinutes: number;
}

export type DateRule =
  | { readonly kind: 'any' }
  /** Ascending, 1 to 31. */
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'last' }
  /** The Monday-to-Friday day of the month that is nearest to this date. */
  | { readonly kind: 'workday'; readonly near: number | 'last' };

/** Days of the week: 0 is Sunday, 6 is Saturday. */
export type WeekdayRule =
  | { readonly kind: 'any' }
  /** Ascending. */
  | { readonly kind: 'days'; readonly days: readonly number[] }
  /** The last one of its name in the month. */
  | { readonly kind: 'last'; readonly day: number }
  /** The first to fifth of its name in the month. */
  | { readonly kind: 'nth'; readonly day: number; readonly nth: number };

/** What an expression is in another system's words: exactly, or not at all. */
export type Translation<Value> = { readonly exact: true; readonly value: Value } | { readonly exact: false; readonly reason: string };

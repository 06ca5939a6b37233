/** The bounds of a field, both included, and the names of its values, the first one that of `least`. */
export interface FieldBounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  /** `5/15` stands for 5, 20, 35, 50. EventBridge has that; what cron makes of it differs from one to the other. */
  readonly openSteps: boolean;
}

export const MINUTES = { least: 0, most: 59 } as const;
export const HOURS = { least: 0, most: 23 } as const;
export const DATES = { least: 1, most: 31 } as const;
export const MONTHS = {
  least: 1,
  most: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
} as const;
export const YEARS = { least: 1970, most: 2199 } as const;
export const WEEKDAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/** The numbers that a field stands for, ascending; `undefined` when it is malformed or out of bounds. */
export function valuesOf(field: string, { least, most, names = [], openSteps }: FieldBounds): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, any, first, last, step] = match;
    if (step !== undefined && any === undefined && last === undefined && !openSteps) return undefined;
    const from = any === undefined ? numberOf(first, least, names) : least;
    const open = any !== undefined || step !== undefined ? most : from;
    const to = last === undefined ? open : numberOf(last, least, names);
    const by = Number(step ?? 1);
    if (!(from >= least && to <= most && from <= to && by > 0)) return undefined;
    for (let value = from; value <= to; value += by) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function numberOf(text: string | undefined, least: number, names: readonly string[]): number {
  const index = names.indexOf((text ?? '').toUpperCase());
  return index >= 0 ? index + least : /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

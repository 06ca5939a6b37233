import type { FieldRule } from './field.js';
import { faultsOf, type Item } from './items.js';

/** A whole number between two bounds, both included. */
export const whole = (minimum: number, maximum: number): FieldRule => ({
  expected: `a whole number from ${minimum} to ${maximum}`,
  holds: (value) => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
  schema: { type: 'integer', minimum, maximum },
});

/** A number between two bounds, both included. */
export const ratio = (minimum: number, maximum: number): FieldRule => ({
  expected: `a number from ${minimum} to ${maximum}`,
  holds: (value) => typeof value === 'number' && value >= minimum && value <= maximum,
  schema: { type: 'number', minimum, maximum },
});

/** A text of a pattern. */
export const text = (pattern: string, expected: string): FieldRule => ({
  expected,
  holds: (value) => typeof value === 'string' && new RegExp(pattern, 'u').test(value),
  schema: { type: 'string', pattern },
});

/** What the entries of a list are: one of them, and many, in words. */
export interface Named {
  readonly one: string;
  readonly many: string;
}

/** A list without doubles of texts of a pattern. */
export const list = (pattern: string, { one, many }: Named, minItems = 0): FieldRule => {
  const wanted = new RegExp(pattern, 'u');
  const item: Item = { expected: one, holds: (value) => typeof value === 'string' && wanted.test(value) };
  return {
    ...listOf(item, many, minItems),
    schema: { type: 'array', items: { type: 'string', pattern }, uniqueItems: true, ...(minItems > 0 ? { minItems } : {}) },
  };
};

/** A list of at least one, without doubles, of numbers that a source writes as digits: given as whole numbers or as texts. */
export const digits = (most: number, { one, many }: Named): FieldRule => {
  const holds = (value: unknown): boolean =>
    typeof value === 'string' ? /^[1-9][0-9]{0,5}$/.test(value) : Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
  return {
    ...listOf({ expected: one, holds }, many, 1),
    schema: {
      type: 'array',
      items: {
        anyOf: [
          { type: 'integer', minimum: 1, maximum: most },
          { type: 'string', pattern: '^[1-9][0-9]{0,5}$' },
        ],
      },
      uniqueItems: true,
      minItems: 1,
    },
  };
};

const listOf = (item: Item, many: string, minItems: number): Omit<FieldRule, 'schema'> => ({
  expected: `a list of different ${many}${minItems > 0 ? ', at least one' : ''}`,
  holds: (value) => Array.isArray(value) && value.length >= minItems && new Set(value).size === value.length && value.every(item.holds),
  faults: (value) => faultsOf(value, item),
});

/** One of a few words. */
export const oneOf = (...words: readonly string[]): FieldRule => ({
  expected: words.join(' or '),
  holds: (value) => typeof value === 'string' && words.includes(value),
  schema: { enum: [...words] },
});

export const yesOrNo: FieldRule = { expected: 'true or false', holds: (value) => typeof value === 'boolean', schema: { type: 'boolean' } };

/** An object, looked into by its own rules. */
export const mapping = (schema: FieldRule['schema'] = {}): FieldRule => ({
  expected: 'a mapping of names to values',
  holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  schema: { type: 'object', ...schema },
});

export const COUNTRY = '^[A-Z]{2}$';
/** Letters, digits, `_` and `-`, as in `KovZpZA7AAEA`. A text always: `1234` without quotes is a number. */
export const TICKETMASTER_ID = '^[0-9A-Za-z_-]{1,64}$';
export const SPOTIFY_ID = '^[0-9A-Za-z]{22}$';
/** A table's stream. What follows the dot is also a folder in the lake, and so a name in queries. */
export const POSTGRES_STREAM = '^postgres\\.[a-z][a-z0-9_]{0,62}$';
/** The form of an IANA name; whether there is such a zone is asked of `Intl`. */
export const TIME_ZONE = '^[A-Za-z][A-Za-z0-9_+/-]{1,63}$';
export const JOB_NAME = '^[a-z][a-z0-9_]{0,63}$';
/** EventBridge's schedule expressions: six fields, or a rate. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
export const SCHEDULE = '^(?:cron\\([^\\s()]+(?: [^\\s()]+){5}\\)|rate\\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9][0-9]+) (?:minutes|hours|days))\\))$';

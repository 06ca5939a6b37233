import type { FieldRule } from './field.js';

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

/** A list without doubles of texts of a pattern. */
export const list = (pattern: string, expected: string, minItems = 0): FieldRule => {
  const one = new RegExp(pattern, 'u');
  return {
    expected,
    holds: (value) =>
      Array.isArray(value) &&
      value.length >= minItems &&
      new Set(value).size === value.length &&
      value.every((item) => typeof item === 'string' && one.test(item)),
    schema: { type: 'array', items: { type: 'string', pattern }, uniqueItems: true, ...(minItems > 0 ? { minItems } : {}) },
  };
};

/** A list of at least one, without doubles, of numbers that a source writes as digits: given as whole numbers or as texts. */
export const digits = (most: number, expected: string): FieldRule => ({
  expected: `${expected}, at least one`,
  holds: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((item) => (typeof item === 'string' ? /^[1-9][0-9]{0,5}$/.test(item) : Number.isInteger(item) && item >= 1 && item <= most)),
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
export const JOB_NAME = '^[a-z][a-z0-9_]{0,63}$';
/** EventBridge's schedule expressions: six fields, or a rate. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
export const SCHEDULE = '^(?:cron\\([^\\s()]+(?: [^\\s()]+){5}\\)|rate\\((?:1 (?:minute|hour|day)|[1-9][0-9]* (?:minutes|hours|days))\\))$';

import { ValidateBy, ValidateNested } from 'class-validator';
import {
  DATE,
  DECIMAL,
  entityIdPattern,
  FILLED,
  INSTANT,
  isDecimal,
  isFilledText,
  isInstant,
  isLocalDate,
  isLocalTime,
  isPartialDate,
  isSourceId,
  PARTIAL_DATE,
  SOURCE_ID,
  TIME,
} from './formats.js';
import { declareListType } from './nested.js';

type RecordClass = new () => object;

/** A piece of JSON Schema (draft 7). */
export type Fragment = Readonly<Record<string, unknown>>;

// Each constraint carries its own piece of JSON Schema in class-validator's metadata: the published schemas are put together from the decorators alone.
const constraint = (name: string, validate: (value: unknown) => boolean, rule: string, schema: Fragment): PropertyDecorator =>
  ValidateBy({ name, constraints: [schema], validator: { validate, defaultMessage: () => `must be ${rule}` } });

const text = (pattern: RegExp, more: Fragment = {}): Fragment => ({ type: 'string', ...more, pattern: pattern.source });

/** A non-blank text. */
export const IsText = () => constraint('isText', isFilledText, 'a text that is not blank', text(FILLED));

/** A list of non-blank texts; the list may be empty. */
export const IsTextList = () =>
  constraint('isTextList', (value) => Array.isArray(value) && value.every(isFilledText), 'a list of texts that are not blank', {
    type: 'array',
    items: text(FILLED),
  });

/** One of the given texts. */
export const IsOneOf = (allowed: readonly string[]) =>
  constraint('isOneOf', (value) => allowed.includes(value as string), `one of ${allowed.join(', ')}`, { type: 'string', enum: allowed });

/** Yes or no. */
export const IsFlag = () => constraint('isFlag', (value) => typeof value === 'boolean', 'true or false', { type: 'boolean' });

/** A finite number between two bounds, both included. */
export const IsBetween = (low: number, high: number) =>
  constraint('isBetween', (value) => typeof value === 'number' && value >= low && value <= high, `a number from ${low} to ${high}`, {
    type: 'number',
    minimum: low,
    maximum: high,
  });

/** A whole number that JSON carries exactly, not below zero. */
export const IsCount = () =>
  constraint('isCount', (value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number, 0 or more', {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  });

/** A list of records of the given class; the list may be empty. The class is named explicitly, because bundlers drop emitted type metadata. */
export function ListOf(type: () => RecordClass): PropertyDecorator {
  const isList = constraint('isList', (value) => Array.isArray(value) && value.every(isJsonObject), 'a list of objects', { type: 'array' });
  const nested = ValidateNested({ each: true });
  return (target, property) => {
    isList(target, property);
    nested(target, property);
    declareListType(target.constructor, String(property), type);
  };
}

function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An entity's id in Loadin: the source's name, `_`, the source's id. */
export function IsEntityId(source: string): PropertyDecorator {
  const pattern = entityIdPattern(source);
  const rule = `${source}_ and the source's id (1 to 200 printable characters, no spaces)`;
  return constraint('isEntityId', (value) => typeof value === 'string' && pattern.test(value), rule, text(pattern));
}

/** A list of entity ids of one source; the list may be empty. */
export function IsEntityIdList(source: string): PropertyDecorator {
  const pattern = entityIdPattern(source);
  const isId = (value: unknown): boolean => typeof value === 'string' && pattern.test(value);
  const rule = `a list of ids, each ${source}_ and the source's id (1 to 200 printable characters, no spaces)`;
  return constraint('isEntityIdList', (value) => Array.isArray(value) && value.every(isId), rule, { type: 'array', items: text(pattern) });
}

/** The source's own id. */
export const IsSourceId = () => constraint('isSourceId', isSourceId, 'an id of 1 to 200 printable characters without spaces', text(SOURCE_ID));

export const IsInstant = () =>
  constraint('isInstant', isInstant, 'an instant in UTC such as 2026-05-03T17:00:00Z', text(INSTANT, { format: 'date-time' }));
export const IsLocalDate = () => constraint('isLocalDate', isLocalDate, 'a date such as 2026-05-03', text(DATE, { format: 'date' }));
export const IsPartialDate = () =>
  constraint('isPartialDate', isPartialDate, 'a date as far as it is known, such as 1981, 1981-12 or 1981-12-15', text(PARTIAL_DATE));
export const IsLocalTime = () => constraint('isLocalTime', isLocalTime, 'a time such as 19:30:00', text(TIME));
export const IsDecimalText = () => constraint('isDecimalText', isDecimal, 'a decimal number as a text, such as "49.50"', text(DECIMAL));

/** A text of a given pattern, described in words. */
export const IsPattern = (pattern: RegExp, rule: string) =>
  constraint('isPattern', (value) => typeof value === 'string' && pattern.test(value), rule, text(pattern));

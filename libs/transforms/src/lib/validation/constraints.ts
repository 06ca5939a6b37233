import { ValidateBy, ValidateNested } from 'class-validator';
import { isDecimal, isEntityId, isFilledText, isInstant, isLocalDate, isLocalTime, isSourceId } from './formats.js';
import { declareListType } from './nested.js';

type RecordClass = new () => object;

const constraint = (name: string, validate: (value: unknown) => boolean, rule: string): PropertyDecorator =>
  ValidateBy({ name, validator: { validate, defaultMessage: () => `must be ${rule}` } });

/** A non-blank text. */
export const IsText = () => constraint('isText', isFilledText, 'a text that is not blank');

/** A list of non-blank texts; the list may be empty. */
export const IsTextList = () =>
  constraint('isTextList', (value) => Array.isArray(value) && value.every(isFilledText), 'a list of texts that are not blank');

/** One of the given texts. */
export const IsOneOf = (allowed: readonly string[]) =>
  constraint('isOneOf', (value) => allowed.includes(value as string), `one of ${allowed.join(', ')}`);

/** A finite number between two bounds, both included. */
export const IsBetween = (low: number, high: number) =>
  constraint('isBetween', (value) => typeof value === 'number' && value >= low && value <= high, `a number from ${low} to ${high}`);

/** A whole number that JSON carries exactly, not below zero. */
export const IsCount = () => constraint('isCount', (value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number, 0 or more');

/** A list of records of the given class; the list may be empty. The class is named explicitly, because bundlers drop emitted type metadata. */
export function ListOf(type: () => RecordClass): PropertyDecorator {
  const isList = constraint('isList', (value) => Array.isArray(value) && value.every(isJsonObject), 'a list of objects');
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
export const IsEntityId = (source: string) =>
  constraint('isEntityId', (value) => isEntityId(value, source), `${source}_ and the source's id (1 to 200 printable characters, no spaces)`);

/** The source's own id. */
export const IsSourceId = () => constraint('isSourceId', isSourceId, 'an id of 1 to 200 printable characters without spaces');

export const IsInstant = () => constraint('isInstant', isInstant, 'an instant in UTC such as 2026-05-03T17:00:00Z');
export const IsLocalDate = () => constraint('isLocalDate', isLocalDate, 'a date such as 2026-05-03');
export const IsLocalTime = () => constraint('isLocalTime', isLocalTime, 'a time such as 19:30:00');
export const IsDecimalText = () => constraint('isDecimalText', isDecimal, 'a decimal number as a text, such as "49.50"');

/** A text of a given pattern, described in words. */
export const IsPattern = (pattern: RegExp, rule: string) =>
  constraint('isPattern', (value) => typeof value === 'string' && pattern.test(value), rule);

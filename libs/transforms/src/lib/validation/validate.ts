import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { Reason } from '../types.js';
import { checkerFor } from './checker.js';
import { kindOf } from './kind-of.js';
import { listTypeOf } from './nested.js';

type RecordClass = new () => object;

/**
 * Every reason why a plain object doesn't fit a record class; none when it fits. Fields that the class doesn't declare are let through,
 * because records change by addition: an older consumer meets newer fields.
 *
 * The class's decorators decide. A valid record, nearly every one, is cleared by predicates compiled from them (see `checkerFor`);
 * only one that they don't clear takes class-validator's own way, about six times slower, which also words the reasons.
 */
export function validateAs(type: RecordClass, value: unknown): Reason[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path: '', message: `must be an object, is ${kindOf(value)}` }];
  return checkerFor(type)(value as Record<string, unknown>) ? [] : explain(type, value as Record<string, unknown>);
}

/** The reasons by class-validator alone, without the compiled predicates: the specification that these are tested against. */
export function explain(type: RecordClass, value: Record<string, unknown>): Reason[] {
  const errors = validateSync(instanceOf(type, value), { stopAtFirstError: true, validationError: { target: false, value: false } });
  return errors.flatMap((error) => reasonsOf(error, ''));
}

// Only declared fields are copied: a stranger's record may have fields called `constructor` or `__proto__`, and class-validator goes by the constructor.
function instanceOf(type: RecordClass, value: Record<string, unknown>): object {
  const instance = new type() as Record<string, unknown>;
  for (const field of declaredFields(type)) {
    const item = listTypeOf(type, field);
    const own = Object.hasOwn(value, field) ? value[field] : undefined;
    instance[field] = item && Array.isArray(own) ? own.map((entry) => asInstance(item, entry)) : own;
  }
  return instance;
}

function asInstance(type: RecordClass, entry: unknown): unknown {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  return isObject ? instanceOf(type, entry as Record<string, unknown>) : entry;
}

function declaredFields(type: RecordClass): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}

function reasonsOf(error: ValidationError, parent: string): Reason[] {
  const isIndex = /^\d+$/.test(error.property);
  const path = isIndex ? `${parent}[${error.property}]` : parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => reasonsOf(child, path))];
}

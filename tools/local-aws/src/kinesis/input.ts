import { AwsError } from '../service.js';
import type { Input } from './types.js';

interface TextRule {
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

/** The wording that AWS's services share for what their models forbid. */
export function invalid(member: string, value: unknown, constraint: string): AwsError {
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  const shown = value === undefined || value === null ? 'null' : `'${String(value).slice(0, 300)}'`;
  return new AwsError('ValidationException', `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: ${constraint}`);
}

export const badArgument = (message: string): AwsError => new AwsError('InvalidArgumentException', message);

export function text(input: Input, member: string, rule: TextRule & { readonly optional: true }): string | undefined;
export function text(input: Input, member: string, rule?: TextRule): string;
export function text(input: Input, member: string, { optional, min = 1, max = 2048, pattern }: TextRule = {}): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) {
    if (optional) return undefined;
    throw invalid(member, value, 'Member must not be null');
  }
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${member} must be a string.`);
  if (value.length < min) throw invalid(member, value, `Member must have length greater than or equal to ${min}`);
  if (value.length > max) throw invalid(member, value, `Member must have length less than or equal to ${max}`);
  if (pattern && !pattern.test(value)) {
    throw invalid(member, value, `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`);
  }
  return value;
}

export function integer(input: Input, member: string, min: number, max: number, fallback?: number): number {
  const value = input[member] ?? fallback;
  if (value === undefined) throw invalid(member, value, 'Member must not be null');
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new AwsError('SerializationException', `${member} must be a whole number.`);
  if (value < min) throw invalid(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max) throw invalid(member, value, `Member must have value less than or equal to ${max}`);
  return value;
}

export function oneOf<T extends string>(input: Input, member: string, values: readonly T[]): T {
  const value = input[member];
  if (!values.includes(value as T)) throw invalid(member, value, `Member must satisfy enum value set: [${values.join(', ')}]`);
  return value as T;
}

/** Epoch seconds on the wire, milliseconds here. */
export function timestamp(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new AwsError('SerializationException', `${member} must be a number of seconds.`);
  return Math.round(value * 1000);
}

export function structure(input: Input, member: string): Input | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') throw new AwsError('SerializationException', `${member} must be a structure.`);
  return value as Input;
}

export function list(input: Input, member: string, max: number): readonly unknown[] {
  const value = input[member];
  if (!Array.isArray(value)) throw invalid(member, value, 'Member must not be null');
  if (value.length < 1) throw invalid(member, '[]', 'Member must have length greater than or equal to 1');
  if (value.length > max) throw invalid(member, `[${value.length} members]`, `Member must have length less than or equal to ${max}`);
  return value;
}

/** Tags on the wire are a map. */
export function tagMap(input: Input, member: string, max: number): Record<string, string> {
  const tags = Object.entries(structure(input, member) ?? {});
  if (tags.length > max) throw invalid(member, `${tags.length} tags`, `Member must have length less than or equal to ${max}`);
  for (const [key, value] of tags) {
    text({ TagKey: key }, 'TagKey', { max: 128 });
    text({ TagValue: value }, 'TagValue', { min: 0, max: 256 });
  }
  return Object.fromEntries(tags) as Record<string, string>;
}

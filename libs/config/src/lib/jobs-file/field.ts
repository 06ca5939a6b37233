import { ValidateBy, ValidateIf } from 'class-validator';
import type { Fault } from './items.js';

/** A piece of JSON schema (draft 7). */
export type JsonSchema = { readonly [key: string]: unknown };

/** What a value has to be: in words, as a test, and as JSON schema. */
export interface FieldRule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  readonly schema: JsonSchema;
  /** Where in a wrong value the fault is; nothing: it is the value as a whole. */
  readonly faults?: (value: unknown) => readonly Fault[];
  /** Mappings inside: their own fields are looked at as well, each finding at its own place. */
  readonly inside?: Inside;
}

export interface Inside {
  /** The class whose `@Field`s these are. */
  readonly type: new () => object;
  /** The value is a list of them; else it is one. */
  readonly many: boolean;
  readonly required?: readonly string[];
  /** What fields say of one another. */
  readonly combinations?: readonly Combination[];
}

/** A rule about several fields of one mapping, in words and as JSON schema. */
export interface Combination {
  /** What is wrong with them; `undefined` when nothing is. */
  readonly wrong: (value: Readonly<Record<string, unknown>>) => string | undefined;
  readonly schema: JsonSchema;
}

const schemas = new Map<object, Map<string, JsonSchema>>();
const insides = new Map<object, Map<string, Inside>>();
const faultFinders = new Map<object, Map<string, NonNullable<FieldRule['faults']>>>();

/**
 * Declares an optional field of the jobs file: its rule, the rule in words, and the same rule as JSON schema. Only absence makes it optional: `ids:` with
 * nothing after it is null, and nearly always a mistake.
 */
export function Field(rule: FieldRule & { readonly description: string }): PropertyDecorator {
  const { description, expected, holds, schema, inside, faults } = rule;
  const validate = ValidateBy({ name: 'field', validator: { validate: holds, defaultMessage: () => `must be ${expected}` } });
  const whenGiven = ValidateIf((_object, value) => value !== undefined);
  return (target, property) => {
    whenGiven(target, property);
    validate(target, property);
    const owner = schemas.get(target.constructor) ?? new Map<string, JsonSchema>();
    schemas.set(target.constructor, owner.set(String(property), { description, ...schema }));
    if (inside) remember(insides, target.constructor, String(property), inside);
    if (faults) remember(faultFinders, target.constructor, String(property), faults);
  };
}

function remember<T>(kept: Map<object, Map<string, T>>, type: object, property: string, value: T): void {
  kept.set(type, (kept.get(type) ?? new Map<string, T>()).set(property, value));
}

/** What is wrong with the value of a field, part by part, as far as the field can tell. */
export function fieldFaults(type: new () => object, property: string, value: unknown): readonly Fault[] {
  return faultFinders.get(type)?.get(property)?.(value) ?? [];
}

/** The declared fields of a class with their JSON schemas, in the order of declaration. */
export function fieldSchemas(type: new () => object): ReadonlyMap<string, JsonSchema> {
  return schemas.get(type) ?? new Map<string, JsonSchema>();
}

/** The fields of a class that hold mappings with fields of their own. */
export function insideFields(type: new () => object): ReadonlyMap<string, Inside> {
  return insides.get(type) ?? new Map<string, Inside>();
}

import { ValidateBy, ValidateIf } from 'class-validator';

/** A piece of JSON schema (draft 7). */
export type JsonSchema = { readonly [key: string]: unknown };

const schemas = new Map<object, Map<string, JsonSchema>>();

/**
 * Declares an optional field of the jobs file: its rule, the rule in words, and the same rule as JSON schema. Only absence makes it optional: `ids:` with
 * nothing after it is null, and nearly always a mistake.
 */
export function Field(rule: { description: string; expected: string; holds: (value: unknown) => boolean; schema: JsonSchema }): PropertyDecorator {
  const { description, expected, holds, schema } = rule;
  const validate = ValidateBy({ name: 'field', validator: { validate: holds, defaultMessage: () => `must be ${expected}` } });
  const whenGiven = ValidateIf((_object, value) => value !== undefined);
  return (target, property) => {
    whenGiven(target, property);
    validate(target, property);
    const owner = schemas.get(target.constructor) ?? new Map<string, JsonSchema>();
    schemas.set(target.constructor, owner.set(String(property), { description, ...schema }));
  };
}

/** The declared fields of a class with their JSON schemas, in the order of declaration. */
export function fieldSchemas(type: new () => object): ReadonlyMap<string, JsonSchema> {
  return schemas.get(type) ?? new Map<string, JsonSchema>();
}

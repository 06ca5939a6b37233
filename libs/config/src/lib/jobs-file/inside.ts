import { fieldSchemas, type Combination, type FieldRule, type Inside, type JsonSchema } from './field.js';
import { mapping } from './rules.js';

type Of = Omit<Inside, 'many'>;

/** A mapping with fields of its own. */
export const mappingOf = (of: Of): FieldRule => ({
  expected: `a mapping of ${namesOf(of)}`,
  holds: mapping().holds,
  schema: schemaOf(of),
  inside: { ...of, many: false },
});

/** A list of mappings with fields of their own. */
export const mappingsOf = (of: Of): FieldRule => ({
  expected: `a list of mappings of ${namesOf(of)}`,
  holds: Array.isArray,
  schema: { type: 'array', items: schemaOf(of) },
  inside: { ...of, many: true },
});

/** One field asks for another. */
export const needs = (field: string, other: string, why: string): Combination => ({
  wrong: (value) => (value[field] !== undefined && value[other] === undefined ? `has ${field} without ${other}: ${why}` : undefined),
  schema: { dependencies: { [field]: [other] } },
});

/** At least one of these fields is there. */
export const someOf = (fields: readonly string[], otherwise: string): Combination => ({
  wrong: (value) => (fields.every((field) => value[field] === undefined) ? otherwise : undefined),
  schema: { anyOf: fields.map((field) => ({ required: [field] })) },
});

const namesOf = ({ type }: Of): string => [...fieldSchemas(type).keys()].join(', ');

function schemaOf({ type, required = [], combinations = [] }: Of): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(fieldSchemas(type)),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...(combinations.length > 0 ? { allOf: combinations.map(({ schema }) => schema) } : {}),
  };
}

/** A piece of JSON schema (draft 7). */
export type JsonSchema = { readonly [key: string]: unknown };

/** What a value of the file has to be: in words, as a test, as JSON schema. */
export interface Rule {
  /** What stands behind "must be": `a whole number from 1 to 3650`. */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  readonly schema: JsonSchema;
}

/** A field of a mapping: a value with a rule, a mapping of further fields, or one of names that nobody knows beforehand. */
export type Field = { readonly description: string; readonly required?: boolean } & (
  | { readonly rule: Rule }
  | { readonly fields: Fields }
  | { readonly named: { readonly pattern: string; readonly expected: string; readonly fields: Fields } }
);
export type Fields = Readonly<Record<string, Field>>;

export const text = (pattern: string, expected: string): Rule => ({
  expected,
  holds: (value) => typeof value === 'string' && new RegExp(pattern).test(value),
  schema: { type: 'string', pattern },
});

export const whole = (minimum: number, maximum: number): Rule => ({
  expected: `a whole number from ${minimum} to ${maximum}`,
  holds: (value) => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
  schema: { type: 'integer', minimum, maximum },
});

export const yesNo: Rule = { expected: 'true or false', holds: (value) => typeof value === 'boolean', schema: { type: 'boolean' } };

export const oneOf = (...values: readonly (string | number)[]): Rule => ({
  expected: values.length > 2 ? `one of ${values.join(', ')}` : values.join(' or '),
  holds: (value) => values.includes(value as string | number),
  schema: { enum: values },
});

export const listOf = (item: Rule, expected: string): Rule => ({
  expected,
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(item.holds),
  schema: { type: 'array', minItems: 1, items: item.schema },
});

/** The JSON schema of a mapping, by the same rules. */
export function schemaOf(fields: Fields): JsonSchema {
  const required = Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : []));
  const properties = Object.entries(fields).map(([name, field]) => [name, { description: field.description, ...inside(field) }]);
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

function inside(field: Field): JsonSchema {
  if ('rule' in field) return field.rule.schema;
  if ('fields' in field) return schemaOf(field.fields);
  return {
    type: 'object',
    minProperties: 1,
    patternProperties: { [field.named.pattern]: schemaOf(field.named.fields) },
    additionalProperties: false,
  };
}

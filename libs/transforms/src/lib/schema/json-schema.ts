import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { Fragment } from '../validation/constraints.js';
import { listTypeOf } from '../validation/nested.js';

type RecordClass = new () => object;

/** What JSON Schema (draft 7) says of one value, as far as records need it. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The words of a class (without `field`) or of one of its fields, if there are any. */
export type Describe = (type: string, field?: string) => string | undefined;

/**
 * The JSON schema of a record class, from its decorators alone. A field with `IsOptional` may be null or absent; fields that the class does not
 * declare are allowed, because records change by addition. Throws TypeError for a decorator that says nothing of its schema.
 */
export function jsonSchemaOf(type: RecordClass, describe: Describe = () => undefined): JsonSchema {
  const fields = new Map<string, { optional: boolean; schema: JsonSchema }>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const { propertyName: name } = metadata;
    const field = fields.get(name) ?? { optional: false, schema: withWords(describe(type.name, name)) };
    fields.set(name, field);
    if (metadata.name === 'isOptional') field.optional = true;
    else if (metadata.type !== ValidationTypes.NESTED_VALIDATION) field.schema = { ...field.schema, ...fragmentOf(type, name, metadata.constraints) };
    else field.schema = { ...field.schema, items: jsonSchemaOf(listType(type, name), describe) };
  }
  const entries = [...fields].map(([name, { optional, schema }]) => [name, optional ? nullable(schema) : schema] as const);
  const required = [...fields].flatMap(([name, { optional }]) => (optional ? [] : [name]));
  return { ...withWords(describe(type.name)), type: 'object', properties: Object.fromEntries(entries), ...(required.length > 0 ? { required } : {}) };
}

const withWords = (description: string | undefined): JsonSchema => (description === undefined ? {} : { description });

function fragmentOf(type: RecordClass, field: string, constraints: readonly unknown[] | undefined): Fragment {
  const fragment = constraints?.[0];
  if (typeof fragment !== 'object' || fragment === null) throw new TypeError(`${type.name}.${field}: a decorator says nothing of its JSON schema`);
  return fragment as Fragment;
}

function listType(type: RecordClass, field: string): RecordClass {
  const item = listTypeOf(type, field);
  if (!item) throw new TypeError(`${type.name}.${field}: a nested list needs @ListOf(() => Type)`);
  return item;
}

function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: words } = schema;
  return { ...schema, ...(typeof type === 'string' ? { type: [type, 'null'] } : {}), ...(words ? { enum: [...words, null] } : {}) };
}

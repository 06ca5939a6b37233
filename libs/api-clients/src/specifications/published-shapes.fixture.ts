import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Kind, Shape } from './shape.fixture.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

const kinds: Readonly<Record<string, Kind>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
};

/** The definitions of an OpenAPI (JSON or YAML, 2 or 3) description, by name. Throws when it has none of that name. */
export function publishedShapes(file: string): (name: string) => Shape {
  return definitionsIn(parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }));
}

export function definitionsIn(description: unknown): (name: string) => Shape {
  const { definitions, components } = description as { definitions?: Record<string, Schema>; components?: { schemas?: Record<string, Schema> } };
  const schemas = definitions ?? components?.schemas ?? {};
  const named = (name: string): Schema => {
    const schema = schemas[name];
    if (schema === undefined) throw new Error(`no definition ${name}`);
    return schema;
  };
  return (name) => shapeOf(merged({ $ref: name }, named), named, false);
}

function shapeOf(schema: Schema, named: (name: string) => Schema, optional: boolean): Shape {
  const { type, nullable = false, enum: words, required = [], properties = {}, additionalProperties, items } = schema;
  const kind = kinds[type ?? ''];
  const whole = (part: Schema): Schema => merged(part, named);
  return {
    kinds: new Set(kind === undefined ? [] : [kind]),
    nullable,
    optional,
    ...(words && kind === 'string' && { words }),
    fields: new Map(Object.entries(properties).map(([field, own]) => [field, shapeOf(whole(own), named, !required.includes(field))])),
    ...(additionalProperties && { values: shapeOf(whole(additionalProperties), named, false) }),
    ...(items && { items: shapeOf(whole(items), named, false) }),
  };
}

/** One schema of what it refers to and what it is made of. */
function merged(schema: Schema, named: (name: string) => Schema): Schema {
  const { $ref, allOf = [], ...own } = schema;
  const parts = [...($ref === undefined ? [] : [named($ref.replace(/^.*\//, ''))]), ...allOf].map((part) => merged(part, named));
  return [...parts, own].reduce<Schema>(
    (all, part) => ({
      ...all,
      ...part,
      properties: { ...all.properties, ...part.properties },
      required: [...(all.required ?? []), ...(part.required ?? [])],
    }),
    {},
  );
}

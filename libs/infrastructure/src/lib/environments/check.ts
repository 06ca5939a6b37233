import { suggestionFor } from '@loadin/config';
import type { Field, Fields, Rule } from './rules.js';

/** Something wrong, and where in the file. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Mapping = Readonly<Record<string, unknown>>;
export const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything in a mapping that breaks its rules: unknown fields, missing ones, wrong values. */
export function checkFields(fields: Fields, value: unknown, path: Finding['path']): Finding[] {
  const names = Object.keys(fields);
  if (!isMapping(value)) return [{ path, message: `must be a mapping of ${names.join(', ')}` }];
  const unknown = Object.keys(value).filter((key) => !names.includes(key));
  const missing = names.filter((name) => fields[name]?.required && value[name] === undefined);
  return [
    ...unknown.map((key) => ({ path: [...path, key], message: unknownField(key, names) })),
    ...missing.map((name) => ({ path, message: `lacks ${name}` })),
    ...Object.entries(fields).flatMap(([name, field]) => (value[name] === undefined ? [] : checkField(field, value[name], [...path, name]))),
  ];
}

function checkField(field: Field, value: unknown, path: Finding['path']): Finding[] {
  if ('fields' in field) return checkFields(field.fields, value, path);
  if ('rule' in field)
    return field.rule.holds(value) ? [] : [{ path, message: `must be ${field.rule.expected}, is ${shown(value)}${unquoted(field.rule, value)}` }];
  const { pattern, expected, fields } = field.named;
  if (!isMapping(value) || Object.keys(value).length === 0) return [{ path, message: 'must be a mapping with at least one name' }];
  return Object.entries(value).flatMap(([name, one]) => [
    ...(new RegExp(pattern).test(name) ? [] : [{ path: [...path, name], message: `must be named by ${expected}` }]),
    ...checkFields(fields, one, [...path, name]),
  ]);
}

function unknownField(key: string, names: readonly string[]): string {
  const near = suggestionFor(key, names);
  return `is not known here: ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`;
}

const LONGEST = 40;
function shown(value: unknown): string {
  if (value === null) return 'empty';
  const said = JSON.stringify(value);
  return said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said;
}

/** Numbers without quotes are no texts, and YAML reads 012345678901 as one. */
const unquoted = ({ schema }: Rule, value: unknown): string =>
  typeof value === 'number' && schema['type'] === 'string' ? ' (a text is written in quotes)' : '';

import { incompatibilities } from './incompatibilities.js';
import type { JsonSchema } from './json-schema.js';

const text: JsonSchema = { type: ['string', 'null'], pattern: '\\S' };
const base: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^x_' },
    name: text,
    status: { type: ['string', 'null'], enum: ['on', 'off', null] },
    score: { type: ['number', 'null'], minimum: 0, maximum: 100 },
    day: { type: ['string', 'null'], format: 'date', pattern: '^d$' },
    prices: { type: ['array', 'null'], items: { type: 'object', properties: { min: text, max: text }, required: ['min'] } },
  },
  required: ['id'],
};
const fields = base.properties ?? {};
const withFields = (changes: Record<string, JsonSchema>): JsonSchema => ({ ...base, properties: { ...fields, ...changes } });
const withPrice = (items: JsonSchema): JsonSchema => withFields({ prices: { type: ['array', 'null'], items } });
const without = (field: string): JsonSchema => ({
  ...base,
  properties: Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field)),
});

describe('incompatibilities', () => {
  it.each<[string, JsonSchema]>([
    ['nothing', base],
    ['words and their order', { description: 'new', ...base, properties: Object.fromEntries(Object.entries(fields).reverse()) }],
    ['an added optional field', withFields({ extra: text })],
    ['an added optional field of a list', withPrice({ type: 'object', properties: { min: text, max: text, fee: text }, required: ['min'] })],
    ['a further word', withFields({ status: { type: ['null', 'string'], enum: ['on', 'off', 'sold out', null] } })],
    ['wider bounds', withFields({ score: { type: ['number', 'null'], minimum: -1 } })],
  ])('lets pass %s', (_what, newer) => expect(incompatibilities(base, newer)).toEqual([]));

  it.each<[string, JsonSchema, string, string]>([
    ['a removed field', without('name'), 'name', 'was removed'],
    ['a changed type', withFields({ name: { type: ['number', 'null'], pattern: '\\S' } }), 'name', 'was null or string, is null or number'],
    ['a whole number in place of any', withFields({ score: { type: ['integer', 'null'] } }), 'score', 'was null or number, is integer or null'],
    ['a field that is never null now', withFields({ name: { type: 'string', pattern: '\\S' } }), 'name', 'was null or string, is string'],
    ['a field that may be null now', withFields({ id: { type: ['string', 'null'], pattern: '^x_' } }), 'id', 'was string, is null or string'],
    ['a type that is gone', withFields({ id: { pattern: '^x_' } }), 'id', 'was string, is anything'],
    ['a newly required field', { ...base, required: ['id', 'name'] }, 'name', 'is required now'],
    ['an added required field', { ...withFields({ extra: text }), required: ['id', 'extra'] }, 'extra', 'is required now'],
    ['a field that may be absent now', { ...base, required: [] }, 'id', 'was always there, and is optional now'],
    ['a narrowed enum', withFields({ status: { type: ['string', 'null'], enum: ['on', null] } }), 'status', 'may no longer be "off"'],
    ['a new enum', withFields({ name: { ...text, enum: ['a'] } }), 'name', 'may only be certain words now'],
    ['an enum that is gone', withFields({ status: { type: ['string', 'null'] } }), 'status', 'may be any text now'],
    ['a tightened pattern', withFields({ name: { ...text, pattern: '^\\S+$' } }), 'name', 'pattern was "\\\\S", is "^\\\\S+$"'],
    [
      'a new pattern',
      withFields({ score: { type: ['number', 'null'], minimum: 0, maximum: 100, pattern: 'x' } }),
      'score',
      'pattern was absent, is "x"',
    ],
    ['another format', withFields({ day: { type: ['string', 'null'], pattern: '^d$' } }), 'day', 'format was "date", is absent'],
    ['a raised minimum', withFields({ score: { type: ['number', 'null'], minimum: 1, maximum: 100 } }), 'score', 'minimum was 0, is 1'],
    ['a lowered maximum', withFields({ score: { type: ['number', 'null'], minimum: 0, maximum: 10 } }), 'score', 'maximum was 100, is 10'],
    ['a list of anything', withFields({ prices: { type: ['array', 'null'] } }), 'prices', expect.stringMatching(/^items was \{.*is absent$/)],
    ['a removed field of a list', withPrice({ type: 'object', properties: { min: text }, required: ['min'] }), 'prices[].max', 'was removed'],
    [
      'a newly required field of a list',
      withPrice({ type: 'object', properties: { min: text, max: text }, required: ['min', 'max'] }),
      'prices[].max',
      'is required now',
    ],
    ['a keyword it does not know', { ...base, additionalProperties: false } as JsonSchema, '', 'additionalProperties was absent, is false'],
  ])('finds %s', (_what, newer, path, message) => expect(incompatibilities(base, newer)).toEqual([{ path, message }]));

  it('finds all of them at once', () => {
    expect(incompatibilities(base, { type: 'object' }).map(({ path }) => path)).toEqual(['id', 'name', 'status', 'score', 'day', 'prices']);
  });
});

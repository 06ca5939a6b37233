import { athenaType, readsAs } from './athena-type.js';

describe('types of schema files in Athena', () => {
  it.each([
    ['boolean', 'boolean'],
    ['int32', 'int'],
    ['integer', 'bigint'],
    ['int64', 'bigint'],
    ['float', 'float'],
    ['double', 'double'],
    ['decimal(38,10)', 'decimal(38,10)'],
    ['date', 'date'],
    ['timestamp', 'timestamp'],
    ['timestamptz', 'timestamp'],
    ['string', 'string'],
    ['binary', 'binary'],
    ['list<decimal(9,2)>', 'array<decimal(9,2)>'],
    ['list<timestamptz>', 'array<timestamp>'],
  ])('%s is %s', (type, athena) => expect(athenaType(type)).toBe(athena));

  it.each(['', 'text', 'list<>', 'decimal(1)', 'toString'])('%j is none', (type) =>
    expect(() => athenaType(type, 'here')).toThrow(`"${type.replace(/^list<(.*)>$/, '$1')}" is no type`),
  );

  it.each([
    ['int', 'int', true],
    ['int', 'bigint', true],
    ['float', 'double', true],
    ['decimal(6,2)', 'decimal(12,4)', true],
    ['bigint', 'int', false],
    ['int', 'double', false],
    ['bigint', 'decimal(20,0)', false],
    ['bigint', 'string', false],
    ['date', 'timestamp', false],
    ['array<int>', 'array<bigint>', false],
  ])('what files have as %s can be read as %s: %s', (before, now, reads) => expect(readsAs(before, now)).toBe(reads));
});

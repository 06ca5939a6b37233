import type { Json } from '@loadin/pipeline';
import { typeName } from './column-type.js';
import { jsonType } from './json-type.js';

describe('the type that a JSON value shows', () => {
  it.each<[Json, string]>([
    [1, 'integer'],
    [-9007199254740991, 'integer'],
    [9007199254740992, 'double'],
    [1.5, 'double'],
    [-0, 'double'],
    [true, 'boolean'],
    ['2026-01-01', 'string'],
    [{ a: 1 }, 'string'],
    [[1, null, 2.5], 'list<double>'],
    [[1, 'a'], 'list<string>'],
    [[], 'list<string>'],
    [[[1]], 'string'],
    [[{ a: 1 }], 'string'],
  ])('of %j is %s', (value, type) => {
    expect(typeName(jsonType(value) as never)).toBe(type);
  });

  it('of null is none', () => {
    expect(jsonType(null)).toBeUndefined();
  });
});

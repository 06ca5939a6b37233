import { defined } from './defined.js';

describe('members that are defined', () => {
  it('are all that stays: null, zero and empty texts are values', () => {
    const given: { readonly a?: number; readonly b: string | null; readonly c: number; readonly d: string } = { a: undefined, b: null, c: 0, d: '' };
    expect(Object.entries(defined(given))).toEqual([
      ['b', null],
      ['c', 0],
      ['d', ''],
    ]);
  });
});

import fc from 'fast-check';
import type { Cursor, CursorKind } from '../ports/cursor.js';
import { cursorOrder } from './order.js';
import { compareRanks, rankOf, utcText } from './rank.js';

const seed = 20240115;
const sign = (n: number): number => Math.sign(n);
const compare = (kind: CursorKind, a: string, b: string): number => sign(cursorOrder([kind]).compare([a], [b]));

describe('cursors', () => {
  it.each([
    ['2024-01-15T10:30:00.123456Z', '2024-01-15T10:30:00.123457Z', -1],
    ['2024-01-15T10:30:00.5Z', '2024-01-15T10:30:00.500000Z', 0],
    ['2024-01-15T10:30:00.5Z', '2024-01-15T10:30:00.5000001Z', -1],
    ['2024-01-15T10:30:00Z', '2024-01-15T11:30:00+01:00', 0],
    ['2024-01-15 10:30:00', '2024-01-15T10:30:00Z', 0],
    ['2024-01-15', '2024-01-14T23:59:59.999999Z', 1],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.1Z', 1],
  ])('that are times compare as times, with all digits and zones: %s and %s', (a, b, expected) => {
    expect(compare('time', a, b)).toBe(expected);
  });

  it.each([
    ['9007199254740993', '9007199254740992', 1],
    ['10', '9', 1],
    ['-10', '-9', -1],
    ['-0.12', '-0.125', 1],
    ['0.1', '0.10', 0],
    ['1e21', '999999999999999999999', 1],
    ['0', '-0', 0],
    ['0.05', '0.1', -1],
  ])('that are numbers compare exactly, of any size: %s and %s', (a, b, expected) => {
    expect(compare('number', a, b)).toBe(expected);
  });

  it('that are numbers compare as whole numbers of any size do', () => {
    const numbers = fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.bigInt({ min: -1000n, max: 1000n }));
    fc.assert(
      fc.property(numbers, numbers, fc.nat({ max: 60 }), ([a, near], [b], scale) => {
        for (const [one, other] of [
          [a, b],
          [a, a + near],
        ] as const) {
          const expected = one < other ? -1 : one > other ? 1 : 0;
          expect(compare('number', String(one), String(other))).toBe(expected);
          expect(compare('number', `${one}e-${scale}`, `${other}e-${scale}`)).toBe(expected);
        }
      }),
      { seed },
    );
  });

  it('that are texts compare by code point, as the bytes of UTF-8 do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 }), (a, b) => {
        expect(compare('text', a, b)).toBe(sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
      { seed, examples: [['\uFFFD', '\u{1F600}']] },
    );
  });

  it('of several parts compare part by part, and one with fewer parts lies before those that go on', () => {
    const { compare: by } = cursorOrder(['time', 'number']);
    const at = '2024-01-15T10:30:00Z';
    expect(by([at, '10'], [at, '9'])).toBeGreaterThan(0);
    expect(by([at], [at, '-5'])).toBeLessThan(0);
    expect(by(['2024-01-15T10:30:01Z'], [at, '999'])).toBeGreaterThan(0);
  });

  it('are what their kinds say, and nothing else', () => {
    const { isCursor, compare: by } = cursorOrder(['time', 'number']);
    for (const good of [['2024-01-15'], ['2024-01-15', '7']]) expect(isCursor(good)).toBe(true);
    for (const bad of [[], ['soon'], ['2024-01-15', 'x'], ['2024-01-15', '1', '2'], [7], '2024-01-15', null, undefined])
      expect(isCursor(bad)).toBe(false);
    expect(() => by(['soon'], ['2024-01-15'])).toThrow('"soon" is no cursor: part 1 of 2 is a time');
    for (const bad of ['', '1x', '.', 'NaN', '1e999999999', '0x10']) expect(rankOf('number', bad)).toBeUndefined();
    expect(rankOf('text', '')).toBeUndefined();
  });

  it('choose the same one of two in one place, whichever comes first', () => {
    const { later, earlier } = cursorOrder(['time']);
    const [a, b]: [Cursor, Cursor] = [['2024-01-15T10:30:00Z'], ['2024-01-15T11:30:00+01:00']];
    expect(later(a, b)).toBe(later(b, a));
    expect(earlier(a, b)).toBe(earlier(b, a));
  });

  it('write a time in one form, with all its digits', () => {
    expect(utcText('2024-01-15 11:30:00.1234560+01')).toBe('2024-01-15T10:30:00.123456Z');
    expect(utcText('2024-01-15')).toBe('2024-01-15T00:00:00Z');
    expect(utcText('soon')).toBeUndefined();
  });

  it('are in a total order', () => {
    const parts = fc.tuple(
      fc.constantFrom('2024-01-15', '2024-01-15T00:00:00.1Z', '2024-01-16T01:00:00+01:00'),
      fc.constantFrom('1', '1.0', '-2', '30'),
    );
    const cursors: fc.Arbitrary<Cursor> = fc.tuple(parts, fc.boolean()).map(([[time, number], whole]) => (whole ? [time, number] : [time]));
    const { compare: by } = cursorOrder(['time', 'number']);
    fc.assert(
      fc.property(cursors, cursors, cursors, (a, b, c) => {
        expect(sign(by(a, b))).toBe(-sign(by(b, a)) + 0);
        if (by(a, b) <= 0 && by(b, c) <= 0) expect(by(a, c)).toBeLessThanOrEqual(0);
      }),
      { seed },
    );
    expect(compareRanks([1], [1])).toBe(0);
  });
});

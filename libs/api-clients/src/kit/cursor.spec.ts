import fc from 'fast-check';
import { compareCursors, cursorBefore, cursorIn, timeEarlier } from './cursor.js';

describe('the cursor before another', () => {
  it.each([
    ['2024-03-01', '2024-02-29'],
    ['2024-01-15T10:30', '2024-01-15T10:29'],
    ['2024-01-15T10:30:00Z', '2024-01-15T10:29:59Z'],
    ['2024-01-01 00:00:00', '2023-12-31 23:59:59'],
    ['2024-01-15T10:30:00.123Z', '2024-01-15T10:30:00.122Z'],
    ['2024-01-15T10:30:00.000000+05:30', '2024-01-15T10:29:59.999999+05:30'],
    ['2024-01-15T10:30:00,100Z', '2024-01-15T10:30:00,099Z'],
  ])('has the form of that: %s', (text, before) => {
    expect(cursorBefore(text, 'time')).toBe(before);
  });

  it.each([
    ['9007199254740993', '9007199254740992'],
    ['0', '-1'],
    ['1.50', '1.49'],
    ['0.0', '-0.1'],
    ['-0.05', '-0.06'],
  ])('is less by one of the last digit for numbers of any size: %s', (text, before) => {
    expect(cursorBefore(text, 'number')).toBe(before);
  });

  it('is none for texts, and for what is not of its kind', () => {
    expect([cursorBefore('1e3', 'number'), cursorBefore('b', 'text'), cursorBefore('soon', 'time')]).toEqual([undefined, undefined, undefined]);
  });

  it('lies before it, with nothing of its form between them', () => {
    const times = fc.tuple(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), fc.nat({ max: 999 }));
    fc.assert(
      fc.property(times, ([date, more]) => {
        const text = `${date.toISOString().slice(0, -1)}${String(more).padStart(3, '0')}Z`;
        const [now, before] = [text, cursorBefore(text, 'time') ?? ''].map((each) => cursorIn(each, '', 'time'));
        if (now === undefined || before === undefined) throw new Error(`${text} has none before it`);
        expect(compareCursors(before, now)).toBeLessThan(0);
        expect(before.text).toHaveLength(text.length);
        expect(BigInt(now.rank[0] ?? 0) - BigInt(before.rank[0] ?? 0)).toBe(/\.000000Z$/.test(text) ? 1_000n : 0n);
      }),
      { seed: 20240115 },
    );
  });
});

describe('a time some seconds earlier', () => {
  it.each([
    ['2024-01-15T10:30:00Z', 600, '2024-01-15T10:20:00Z'],
    ['2024-01-15T10:30:00.123456+05:30', 600, '2024-01-15T10:20:00.123456+05:30'],
    ['2024-03-01 00:05:00', 600, '2024-02-29 23:55:00'],
    ['2024-01-15T10:30', 90, '2024-01-15T10:28'],
    ['2024-01-15', 600, '2024-01-14'],
    ['soon', 600, 'soon'],
  ])('has the form of that, and is never less early: %s, %i', (text, seconds, earlier) => {
    expect(timeEarlier(text, seconds)).toBe(earlier);
  });
});

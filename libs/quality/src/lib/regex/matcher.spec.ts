import fc from 'fast-check';
import { createMatcher } from './matcher.js';
import { PatternError } from './parse.js';

const atom = fc.constantFrom(
  'a',
  'b',
  'é',
  '🎫',
  '.',
  '\\d',
  '\\W',
  '\\s',
  '[ab]',
  '[^a\\d]',
  '[a-c-]',
  '\\.',
  '\\x61',
  '\\u{1F3AB}',
  '\\u0062',
  '^',
  '$',
  '()',
);
const pattern = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a + b),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '*?', '{0}')).map(([of, times]) => `(?:${of})${times}`),
  ),
})).tree;
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '\n', 'é', '🎫', '.', '-', '\u2028'), maxLength: 12 });

describe('a pattern', () => {
  it('is found where JavaScript finds it', () => {
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        expect(createMatcher(source)(value)).toBe(new RegExp(source, 'u').test(value));
      }),
      { numRuns: 3_000 },
    );
  });

  it('knows the patterns of everyday', () => {
    const email = createMatcher('^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$');
    expect(['guest1@mail.example', 'a@b', 'a b@mail.example', ''].map(email)).toEqual([true, false, false, false]);
    const uuid = createMatcher('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
    expect(uuid('5b0c1c9e-7a53-5d0c-8a39-0a1f6ad3a001')).toBe(true);
  });

  it('takes linear time where backtracking takes for ever', () => {
    const before = process.cpuUsage().user;
    for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*b', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '(a?){30}a{30}b'])
      expect(createMatcher(source)(`${'a'.repeat(50_000)}!`)).toBe(false);
    expect(process.cpuUsage().user - before).toBeLessThan(5_000_000);
  });

  it('keeps a bounded number of states where the pattern has 2^16 of them', () => {
    const matches = createMatcher('^(a|b)*a(a|b){15}$');
    const value = Array.from({ length: 30_000 }, (_, n) => (Math.imul(n, 0x9e3779b1) >>> 31 ? 'a' : 'b')).join('');
    expect(matches(value)).toBe(value.at(-16) === 'a');
  });

  it.each([
    ['(', 'without a )'],
    [')', 'without a ('],
    ['[a', 'without a ]'],
    ['a**', 'two repetitions'],
    ['*a', 'nothing before it'],
    ['a{5,2}', 'at least 5 and at most 2'],
    ['a{2000}', 'more than 1000 times'],
    ['((a{900}){900}){900}', 'too large'],
    ['(?=a)', 'look-ahead'],
    ['(?<!a)b', 'look-behind'],
    ['(a)\\1', 'back-reference'],
    ['\\bword', '\\b, which is not supported'],
    ['\\p{L}', 'not supported'],
    ['[b-a]', 'end is before its beginning'],
    ['[a-\\d]', 'a class'],
    ['\\', 'ends with a \\'],
    ['\\u12', '4 hexadecimal'],
    ['\\ud83c', 'surrogate'],
    ['{', 'nothing before it'],
    ['a{x}', 'begins no repetition'],
    ['^*', 'repeats ^ or $'],
    ['('.repeat(200) + ')'.repeat(200), 'in one another'],
  ])('%s is refused with the reason', (source, reason) => {
    expect(() => createMatcher(source)).toThrow(PatternError);
    expect(() => createMatcher(source)).toThrow(reason);
  });
});

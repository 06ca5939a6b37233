import { createMatcher, PatternError } from './pattern.js';

describe('a pattern', () => {
  it('knows the patterns of everyday', () => {
    const email = createMatcher('^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$');
    expect(['guest1@mail.example', 'gäst@mail.example', 'a@b', 'a b@mail.example', ''].map(email)).toEqual([true, true, false, false, false]);
    const uuid = createMatcher('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
    expect(uuid('5b0c1c9e-7a53-5d0c-8a39-0a1f6ad3a001')).toBe(true);
  });

  it('is found anywhere, in code points', () => {
    expect(createMatcher('b.d')('ab🎫de')).toBe(true);
    expect(createMatcher('\\p{Greek}')('Ωmega')).toBe(true);
    expect(createMatcher('^b')('ab')).toBe(false);
  });

  it('takes linear time where backtracking takes for ever', () => {
    for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*b', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '(a?){30}a{30}b'])
      expect(createMatcher(source)(`${'a'.repeat(50_000)}!`)).toBe(false);
  });

  it('does so where the pattern has 2^16 states', () => {
    const value = Array.from({ length: 30_000 }, (_, n) => (Math.imul(n, 0x9e3779b1) >>> 31 ? 'a' : 'b')).join('');
    expect(createMatcher('^(a|b)*a(a|b){15}$')(value)).toBe(value.at(-16) === 'a');
  });

  it.each([
    ['(', 'missing closing )'],
    [')', 'unexpected )'],
    ['[a', 'missing closing ]'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a{2000}', 'invalid repeat count'],
    ['((a{900}){900}){900}', 'invalid repeat count'],
    ['(?=a)', 'unsupported Perl syntax: `(?=`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['[b-a]', 'invalid character class range'],
  ])('%s is refused with the reason', (source, reason) => {
    expect(() => createMatcher(source)).toThrow(PatternError);
    expect(() => createMatcher(source)).toThrow(reason);
  });
});

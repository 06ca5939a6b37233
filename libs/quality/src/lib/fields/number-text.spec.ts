import fc from 'fast-check';
import { compareDecimals, parseDecimal, readNumber, type Decimal, type NumberReading } from './number-text.js';

function read(text: string): NumberReading {
  const bytes = Buffer.from(`x${text}x`);
  const reading = { value: 0, short: true };
  readNumber(reading, bytes, 1, bytes.length - 1);
  return reading;
}

const decimal = fc
  .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,25}$/), fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined }))
  .map(([sign, before, after]) => `${sign}${before}${after === undefined ? '' : `.${after}`}`);

/** Both as whole numbers of the same unit. */
function compareExactly(a: string, b: string): number {
  const scaled = (text: string): bigint => {
    const [before = '', after = ''] = text.replace('-', '').split('.');
    return BigInt(before + after.padEnd(20, '0')) * (text.startsWith('-') ? -1n : 1n);
  };
  return scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0;
}

describe('a number in text', () => {
  it('is the double that ECMAScript reads, whatever its length', () => {
    fc.assert(fc.property(decimal, (text) => Object.is(read(text).value + 0, Number(text) + 0)));
    fc.assert(fc.property(fc.double({ noNaN: true }), (value) => read(String(value)).value + 0 === value + 0));
  });

  it('is exact as a double when it is short: two that differ have two doubles', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [left, right] = [read(a), read(b)];
        if (left.short && right.short) expect(Math.sign(left.value - right.value)).toBe(compareExactly(a, b));
      }),
    );
  });

  it.each(['', '-', '.', '-.', '1.2.3', '1,5', 'abc', '0x10', '1e', 'Infinityx', ' 1', '1 ', '١'])('is NaN for %j', (text) => {
    expect(read(text).value).toBeNaN();
  });

  it('knows what Postgres prints besides digits', () => {
    expect(['NaN', 'Infinity', '-Infinity', '1e+20', '1.5e-07'].map((text) => read(text).value)).toEqual([NaN, Infinity, -Infinity, 1e20, 1.5e-7]);
  });

  it('is told from what is none in linear time', () => {
    for (const text of [`${'9'.repeat(150_000)}x`, `${'9'.repeat(75_000)}.${'9'.repeat(75_000)}.`, '9'.repeat(2_000_000)]) {
      expect(read(text).value).toBeNaN();
      expect(parseDecimal(text)).toBeUndefined();
    }
  });

  it('of a hundred thousand digits is read', () => {
    expect(read('9'.repeat(100_000)).value).toBe(Infinity);
    expect(read(`0.${'0'.repeat(100_000)}1`).value).toBe(0);
  });
});

describe('two decimals', () => {
  it('are compared exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(Math.sign(compareDecimals(parseDecimal(a) as Decimal, parseDecimal(b) as Decimal))).toBe(compareExactly(a, b));
      }),
    );
  });

  it('are equal in every way they are written', () => {
    for (const text of ['1500', '1500.00', '1.5e3', '+1500', '001500', '15e+2', '150000e-2']) {
      expect(compareDecimals(parseDecimal(text) as Decimal, parseDecimal('1500') as Decimal)).toBe(0);
    }
    for (const text of ['0', '-0', '0.000', '0e5']) expect(compareDecimals(parseDecimal(text) as Decimal, parseDecimal('0') as Decimal)).toBe(0);
  });
});

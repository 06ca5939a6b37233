import fc from 'fast-check';
import { isDecimal } from '../validation/formats.js';
import { decimalText } from './decimal.js';

describe('decimalText', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [39.5, '39.5'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-2.5e22, '-25000000000000000000000'],
    [1.2345e-10, '0.00000000012345'],
  ])('writes %p as %s', (value, expected) => expect(decimalText(value)).toBe(expected));

  it('means the same number and needs no exponent, for every number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalText(value);
        return isDecimal(text) && Number(text) === value;
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });
});

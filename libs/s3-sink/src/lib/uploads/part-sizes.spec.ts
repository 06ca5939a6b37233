import fc from 'fast-check';
import { FatalError } from '@loadin/resilience';
import { MAX_OBJECT_BYTES, MAX_PARTS, MIN_PART_BYTES, partSizes } from './part-sizes.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Parts that an object needs, and the largest of them. */
function cut(total: number, partBytes: number, expected?: number): { parts: number; largest: number; smallestButLast: number } {
  const sizes = partSizes(partBytes, expected);
  let [parts, left, largest, smallestButLast] = [0, total, 0, Infinity];
  do {
    parts += 1;
    const size = Math.min(sizes.of(parts), left);
    left -= size;
    largest = Math.max(largest, size);
    if (left > 0) smallestButLast = Math.min(smallestButLast, size);
  } while (left > 0);
  return { parts, largest, smallestButLast };
}

describe('the parts of an upload', () => {
  const total = fc.oneof(
    fc.integer({ min: 0, max: 100 * MIB }),
    fc.integer({ min: 0, max: 5 * 1024 }).map((gib) => gib * GIB),
    fc.constant(MAX_OBJECT_BYTES),
  );
  const partBytes = fc.integer({ min: MIN_PART_BYTES, max: 64 * MIB });

  it('are at most 10,000, each within the limits of S3, for any object up to 5 TiB (property)', () => {
    fc.assert(
      fc.property(total, partBytes, fc.option(total, { nil: undefined }), (bytes, size, expected) => {
        const { parts, largest, smallestButLast } = cut(bytes, size, expected);
        expect(parts).toBeLessThanOrEqual(MAX_PARTS);
        expect(largest).toBeLessThanOrEqual(5 * GIB);
        expect(smallestButLast).toBeGreaterThanOrEqual(MIN_PART_BYTES);
      }),
      { seed: 42 },
    );
  });

  it('stay as they are for an object below a thousand of them', () => {
    expect(cut(7 * GIB, 8 * MIB)).toMatchObject({ parts: 896, largest: 8 * MIB });
  });

  it('are one when the object is smaller, or empty', () => {
    expect(cut(3, 8 * MIB)).toMatchObject({ parts: 1, largest: 3 });
    expect(cut(0, 8 * MIB)).toMatchObject({ parts: 1, largest: 0 });
  });

  it('are larger from the first on when the object is known to be large', () => {
    expect(partSizes(8 * MIB, 1024 * GIB).of(1)).toBe(105 * MIB);
    expect(partSizes(8 * MIB, 10 * GIB).of(1)).toBe(8 * MIB);
  });

  it.each([0, 5 * MIB - 1, 6 * GIB, Number.NaN, 8 * MIB + 0.5])('cannot have %d bytes', (bytes) => {
    expect(() => partSizes(bytes)).toThrow(FatalError);
  });
});

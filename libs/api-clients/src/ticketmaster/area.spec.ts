import fc from 'fast-check';
import { around, coveringMiles, geohash, middleOf, miles, outside, quarters, type Area } from './area.js';

const area = fc
  .tuple(
    fc.double({ min: -90, max: 89, noNaN: true }),
    fc.double({ min: -180, max: 179, noNaN: true }),
    fc.double({ min: 0.001, max: 1, noNaN: true }),
    fc.double({ min: 0.001, max: 1, noNaN: true }),
  )
  .map(([south, west, high, wide]): Area => [south, west, south + (90 - south) * high, west + (180 - west) * wide]);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('areas', () => {
  it('are covered by their circle, wherever a point lies in them', () => {
    fc.assert(
      fc.property(area, share, share, (of, up, right) => {
        const [south, west, north, east] = of;
        const point = { latitude: south + (north - south) * up, longitude: west + (east - west) * right };
        expect(miles(middleOf(of), point)).toBeLessThanOrEqual(coveringMiles(of));
      }),
      { numRuns: 500 },
    );
  });

  it('are covered by their quarters, and the world by an area and what is outside of it', () => {
    const contains = ([south, west, north, east]: Area, latitude: number, longitude: number): boolean =>
      latitude >= south && latitude <= north && longitude >= west && longitude <= east;
    fc.assert(
      fc.property(area, share, share, (of, up, right) => {
        const [south, west, north, east] = of;
        expect(quarters(of).some((part) => contains(part, south + (north - south) * up, west + (east - west) * right))).toBe(true);
        expect([of, ...outside(of)].some((part) => contains(part, 180 * up - 90, 360 * right - 180))).toBe(true);
      }),
    );
  });

  it('are drawn around points with a margin', () => {
    expect(
      around([
        { latitude: 34, longitude: -118 },
        { latitude: 44, longitude: -108 },
      ]),
    ).toEqual([32.9, -119.1, 45.1, -106.9]);
    expect(around([])).toBeUndefined();
    expect(around([{ latitude: 90, longitude: 180 }])).toEqual([89.9, 179.9, 90, 180]);
  });
});

it.each([
  [57.64911, 10.40744, 'u4pruydqq'],
  [40.71, -74.01, 'dr5reg'],
  [-33.87, 151.21, 'r3gx2f'],
  [0, 0, 's00000000'],
])('the geohash of %d, %d begins with %s', (latitude, longitude, prefix) => {
  expect(geohash({ latitude, longitude }).startsWith(prefix)).toBe(true);
  expect(geohash({ latitude, longitude })).toHaveLength(9);
});

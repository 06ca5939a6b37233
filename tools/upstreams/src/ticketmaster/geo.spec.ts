import { distance, parsePoint } from './geo.js';

describe('points and distances', () => {
  it('understands geohashes and pairs of coordinates', () => {
    // The classic example of a geohash lies in Jutland.
    expect(parsePoint('u4pruydqqvj')?.latitude).toBeCloseTo(57.64911, 4);
    expect(parsePoint('u4pruydqqvj')?.longitude).toBeCloseTo(10.40744, 4);
    expect(parsePoint('34.05,-118.24')).toEqual({ latitude: 34.05, longitude: -118.24 });
    for (const bad of ['', 'geo?', '91,0', '0,181', '1;2']) expect(parsePoint(bad)).toBeUndefined();
  });

  it('measures great circles in miles or kilometres', () => {
    const [paris, london] = [
      { latitude: 48.8566, longitude: 2.3522 },
      { latitude: 51.5074, longitude: -0.1278 },
    ] as const;
    expect(distance(paris, london, 'km')).toBeCloseTo(343.6, 0);
    expect(distance(paris, london, 'miles')).toBeCloseTo(213.5, 0);
  });
});

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';
const earthKm = 6371.0088;
const kmPerMile = 1.609344;

/** The centre of a geohash's cell, or the point of `latitude,longitude`. */
export function parsePoint(text: string): Point | undefined {
  const pair = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (pair) return within({ latitude: Number(pair[1]), longitude: Number(pair[2]) });
  return /^[0-9b-hjkmnp-z]{1,12}$/i.test(text) ? decode(text.toLowerCase()) : undefined;
}

/** The great-circle distance. */
export function distance(a: Point, b: Point, unit: 'miles' | 'km'): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [rad(b.latitude - a.latitude), rad(b.longitude - a.longitude)];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(dLon / 2) ** 2;
  const km = 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h)));
  return unit === 'km' ? km : km / kmPerMile;
}

function decode(hash: string): Point {
  const ranges = { longitude: [-180, 180], latitude: [-90, 90] } as { longitude: [number, number]; latitude: [number, number] };
  let even = true;
  for (const char of hash) {
    const value = alphabet.indexOf(char);
    for (let bit = 4; bit >= 0; bit--) {
      const range = even ? ranges.longitude : ranges.latitude;
      const middle = (range[0] + range[1]) / 2;
      range[(value >> bit) & 1 ? 0 : 1] = middle;
      even = !even;
    }
  }
  const centre = ([low, high]: readonly [number, number]): number => (low + high) / 2;
  return { latitude: centre(ranges.latitude), longitude: centre(ranges.longitude) };
}

function within(point: Point): Point | undefined {
  return Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180 ? point : undefined;
}

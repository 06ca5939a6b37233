/** A part of the map in degrees: south, west, north, east; it does not cross the date line. */
export type Area = readonly [south: number, west: number, north: number, east: number];

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const earthMiles = 3958.7613;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance in miles. */
export function miles(a: Point, b: Point): number {
  const dLat = rad(b.latitude - a.latitude);
  const dLon = rad(b.longitude - a.longitude);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(dLon / 2) ** 2;
  return 2 * earthMiles * Math.asin(Math.min(1, Math.sqrt(h)));
}

export const middleOf = ([south, west, north, east]: Area): Point => ({ latitude: (south + north) / 2, longitude: (west + east) / 2 });

/**
 * Whole miles around the middle that cover all of the area. The farthest point is on its edge, but in a wide area not always at a corner,
 * so the edge is walked; a hundredth and a mile are added for what lies between the points, other models of the earth's shape and the geohash's cell.
 */
export function coveringMiles(area: Area): number {
  const [south, west, north, east] = area;
  const middle = middleOf(area);
  let farthest = 0;
  for (let i = 0; i <= 32; i += 1) {
    const latitude = south + ((north - south) * i) / 32;
    const longitude = west + ((east - west) * i) / 32;
    for (const point of [
      { latitude, longitude: west },
      { latitude, longitude: east },
      { latitude: south, longitude },
      { latitude: north, longitude },
    ]) {
      farthest = Math.max(farthest, miles(middle, point));
    }
  }
  return Math.ceil(farthest * 1.01 + 1);
}

/** Four quarters. */
export function quarters([south, west, north, east]: Area): readonly Area[] {
  const { latitude, longitude } = middleOf([south, west, north, east]);
  return [
    [south, west, latitude, longitude],
    [south, longitude, latitude, east],
    [latitude, west, north, longitude],
    [latitude, longitude, north, east],
  ];
}

/** The smallest area with all points, and a little around it; `undefined` without points. */
export function around(points: Iterable<Point>): Area | undefined {
  let box: Area | undefined;
  for (const { latitude, longitude } of points) {
    box = box
      ? [Math.min(box[0], latitude), Math.min(box[1], longitude), Math.max(box[2], latitude), Math.max(box[3], longitude)]
      : [latitude, longitude, latitude, longitude];
  }
  if (box === undefined) return undefined;
  const [south, west, north, east] = box;
  const lat = (north - south) / 10 + 0.1;
  const lon = (east - west) / 10 + 0.1;
  const near = (value: number): number => Math.round(value * 1e4) / 1e4;
  return [Math.max(-90, near(south - lat)), Math.max(-180, near(west - lon)), Math.min(90, near(north + lat)), Math.min(180, near(east + lon))];
}

/** The rest of the world, as up to four areas. */
export function outside([south, west, north, east]: Area): readonly Area[] {
  const parts: Area[] = [
    [-90, -180, south, 180],
    [north, -180, 90, 180],
    [south, -180, north, west],
    [south, east, north, 180],
  ];
  return parts.filter(([s, w, n, e]) => s < n && w < e);
}

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';

/** The geohash of a point, 9 characters (the longest that the API takes): a cell of less than 5 m. */
export function geohash({ latitude, longitude }: Point, length = 9): string {
  const lat: [number, number] = [-90, 90];
  const lon: [number, number] = [-180, 180];
  let hash = '';
  for (let bits = 0, value = 0; hash.length < length; bits += 1) {
    const [range, at] = bits % 2 === 0 ? [lon, longitude] : [lat, latitude];
    const middle = (range[0] + range[1]) / 2;
    const upper = at >= middle;
    range[upper ? 0 : 1] = middle;
    value = value * 2 + (upper ? 1 : 0);
    if (bits % 5 === 4) {
      hash += alphabet[value];
      value = 0;
    }
  }
  return hash;
}

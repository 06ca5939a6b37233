import type { Reason } from '../types.js';
import { readFlag, readNumber, readObjects, readText } from './read.js';

/**
 * The address of the widest image of a list; null when there is none. Spotify's documentation promises the widest first, but widths can be null: the
 * first counts then. With `ownOnly` Ticketmaster's `fallback` pictures, which stand for a genre, are none.
 */
export function readWidestImage(reasons: Reason[], path: string, value: unknown, ownOnly = false): string | null {
  let widest: string | null = null;
  let width = -1;
  readObjects(reasons, path, value, (image, own) => {
    const url = readText(reasons, `${own}.url`, image['url']);
    const wide = readNumber(reasons, `${own}.width`, image['width']) ?? 0;
    const fallback = ownOnly && readFlag(reasons, `${own}.fallback`, image['fallback']);
    if (url === null || fallback || wide <= width) return;
    widest = url;
    width = wide;
  });
  return widest;
}

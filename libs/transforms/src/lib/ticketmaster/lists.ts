import type { AttractionReference } from '../records/attraction-reference.js';
import type { PriceRange } from '../records/price-range.js';
import type { Reason } from '../types.js';
import { readDecimal } from '../fields/decimal.js';
import { readFlag, readList, readObject, readText, type Json } from '../fields/read.js';
import { isSourceId } from '../validation/formats.js';

/** The entries of a list that are there, as objects; null when there is no list. The index is the source's. */
function readObjects<T>(reasons: Reason[], path: string, value: unknown, read: (json: Json, path: string) => T): T[] | null {
  const entries = readList(reasons, path, value);
  if (entries === null) return null;
  const results: T[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === null) continue;
    const own = `${path}[${index}]`;
    results.push(read(readObject(reasons, own, entry), own));
  }
  return results;
}

export function readAttractions(reasons: Reason[], value: unknown): AttractionReference[] | null {
  return readObjects(reasons, '_embedded.attractions', value, (json, path) => ({
    attraction_id: prefixedId(reasons, `${path}.id`, json['id']),
    name: readText(reasons, `${path}.name`, json['name']),
    spotify_id: spotifyIdOf(json['externalLinks']),
  }));
}

/** `ticketmaster_` and the id; null when it is absent. */
export function prefixedId(reasons: Reason[], path: string, value: unknown): string | null {
  const id = readText(reasons, path, value);
  if (id === null) return null;
  if (isSourceId(id)) return `ticketmaster_${id}`;
  reasons.push({ path, message: 'must be a text of 1 to 200 printable characters without spaces' });
  return null;
}

const SPOTIFY_ARTIST = /(?:spotify\.com\/(?:intl-[a-z-]+\/)?artist\/|^spotify:artist:)([0-9A-Za-z]{22})(?![0-9A-Za-z])/;

// External links are typed in by promoters: one that leads elsewhere is no link to an artist, and no reason to lose an event.
function spotifyIdOf(links: unknown): string | null {
  const entries: unknown = typeof links === 'object' && links !== null ? (links as Json)['spotify'] : undefined;
  if (!Array.isArray(entries)) return null;
  for (const entry of entries as unknown[]) {
    const url = typeof entry === 'object' && entry !== null ? (entry as Json)['url'] : undefined;
    const id = typeof url === 'string' ? SPOTIFY_ARTIST.exec(url)?.[1] : undefined;
    if (id !== undefined) return id;
  }
  return null;
}

export function readPriceRanges(reasons: Reason[], value: unknown): PriceRange[] | null {
  return readObjects(reasons, 'priceRanges', value, (json, path) => ({
    type: readText(reasons, `${path}.type`, json['type']),
    currency: readText(reasons, `${path}.currency`, json['currency']),
    min: readDecimal(reasons, `${path}.min`, json['min']),
    max: readDecimal(reasons, `${path}.max`, json['max']),
  }));
}

interface Classification {
  primary: boolean;
  segment: string | null;
  genre: string | null;
  subgenre: string | null;
}

/** The primary classification, else the first. */
export function readClassification(reasons: Reason[], value: unknown): Omit<Classification, 'primary'> {
  const all = readObjects<Classification>(reasons, 'classifications', value, (json, path) => ({
    primary: readFlag(reasons, `${path}.primary`, json['primary']),
    segment: classificationName(reasons, `${path}.segment`, json['segment']),
    genre: classificationName(reasons, `${path}.genre`, json['genre']),
    subgenre: classificationName(reasons, `${path}.subGenre`, json['subGenre']),
  }));
  return all?.find(({ primary }) => primary) ?? all?.[0] ?? { segment: null, genre: null, subgenre: null };
}

function classificationName(reasons: Reason[], path: string, value: unknown): string | null {
  const name = readText(reasons, `${path}.name`, readObject(reasons, path, value)['name']);
  return name?.toLowerCase() === 'undefined' ? null : name;
}

/** The first venue that is there; an empty object when there is none. Events have at most one place. */
export function firstVenue(reasons: Reason[], value: unknown): { json: Json; path: string } {
  const found = readObjects(reasons, '_embedded.venues', value, (json, path) => ({ json, path }));
  return found?.[0] ?? { json: {}, path: '_embedded.venues[0]' };
}

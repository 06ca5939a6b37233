import type { AttractionReference } from '../records/attraction-reference.js';
import type { PriceRange } from '../records/price-range.js';
import type { Reason } from '../types.js';
import { readDecimal } from '../fields/decimal.js';
import { readEntityId } from '../fields/identity.js';
import { readFlag, readObject, readObjects, readText, type Json } from '../fields/read.js';
import { spotifyLinkOf } from './links.js';

export function readAttractions(reasons: Reason[], value: unknown): AttractionReference[] | null {
  return readObjects(reasons, '_embedded.attractions', value, (json, path) => ({
    attraction_id: readEntityId(reasons, `${path}.id`, 'ticketmaster', json['id']),
    name: readText(reasons, `${path}.name`, json['name']),
    ...spotifyLinkOf(json['externalLinks']),
  }));
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

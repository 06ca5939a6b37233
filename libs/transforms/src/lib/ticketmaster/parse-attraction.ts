import { Attraction } from '../records/attraction.js';
import type { Parsed, Reason } from '../types.js';
import { identify } from '../fields/identity.js';
import { readWidestImage } from '../fields/image.js';
import { readNumber, readObject, readText, readTexts } from '../fields/read.js';
import { finish } from '../validation/finish.js';
import { readLinks, spotifyLinkOf } from './links.js';
import { readClassification } from './lists.js';

/** An attraction of Ticketmaster's Discovery API v2 as a normalized record. Never throws; fields always come in the same order. */
export function parseAttraction(raw: unknown): Parsed<Attraction> {
  const identified = identify(raw, 'attraction');
  if (!identified.ok) return identified;
  const json = identified.record;
  const reasons: Reason[] = [];
  const { segment, genre, subgenre } = readClassification(reasons, json['classifications']);
  const record: Attraction = {
    attraction_id: `ticketmaster_${json.id}`,
    name: readText(reasons, 'name', json['name']),
    segment,
    genre,
    subgenre,
    aliases: readTexts(reasons, 'aliases', json['aliases']),
    upcoming_events_total: readNumber(reasons, 'upcomingEvents._total', readObject(reasons, 'upcomingEvents', json['upcomingEvents'])['_total']),
    url: readText(reasons, 'url', json['url']),
    image_url: readWidestImage(reasons, 'images', json['images'], true),
    links: readLinks(json['externalLinks']),
    ...spotifyLinkOf(json['externalLinks']),
    ticketmaster_id: json.id,
    source: 'ticketmaster',
  };
  return finish(Attraction, record, reasons);
}

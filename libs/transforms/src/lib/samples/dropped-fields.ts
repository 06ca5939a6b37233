import type { DataType } from '../types.js';

export interface DroppedFields {
  /** Paths from the source's record, `[]` for each entry of a list; each stands for everything below it as well. */
  readonly paths: readonly string[];
  readonly why: string;
}

const addresses = 'The address of the same record in the API: it follows from the id.';
const kind = 'The kind of record: it is checked, and follows from the data type.';
const markets = 'Where it may be played changes often and depends on who asks.';
const texts = 'Texts for buyers, in the language of the request; no reader of the lake has asked for them.';
const pictures = 'Of all pictures the widest is kept; the others are sizes of the same, or stand for a genre.';
const classes = 'Names are kept, of segment, genre and subgenre; the ids of classes are the same everywhere.';
const trial = 'Trial records are not answered to ordinary keys.';
const locale = 'The language that the record was asked for in.';

/** Source fields that have been seen or are documented, and that no record keeps, with the reason. The landed pages have all of them. */
export const DROPPED_FIELDS: Readonly<Record<DataType, readonly DroppedFields[]>> = {
  artists: [
    { paths: ['type'], why: kind },
    { paths: ['href', 'uri', 'followers.href'], why: addresses },
    { paths: ['images[].height'], why: pictures },
  ],
  venues: [
    { paths: ['type'], why: kind },
    { paths: ['_links', 'distance', 'units'], why: 'They belong to the question, not to the venue.' },
    { paths: ['locale'], why: locale },
    { paths: ['test'], why: trial },
    { paths: ['markets', 'dmas'], why: "Ticketmaster's own sales areas; coordinates, city and country say where a venue is." },
    { paths: ['upcomingEvents'], why: 'Counts that change by the hour; the events themselves are in the lake.' },
    { paths: ['images'], why: 'Pictures of houses are nearly all stand-ins.' },
    { paths: ['aliases', 'currency', 'externalLinks', 'social'], why: 'Rarely given.' },
    {
      paths: ['description', 'additionalInfo', 'boxOfficeInfo', 'parkingDetail', 'accessibleSeatingDetail', 'generalInfo', 'ada'],
      why: texts,
    },
  ],
  events: [
    { paths: ['type', '_embedded.attractions[].type', '_embedded.venues[].type'], why: kind },
    { paths: ['_links', 'distance', 'units', 'location', '_embedded.venues[]._links', '_embedded.attractions[]._links'], why: addresses },
    { paths: ['locale', '_embedded.venues[].locale', '_embedded.attractions[].locale'], why: locale },
    { paths: ['test', '_embedded.venues[].test', '_embedded.attractions[].test'], why: trial },
    { paths: ['images'], why: 'Pictures of events are those of the attraction, or stand-ins.' },
    { paths: ['_embedded.venues[]'], why: 'The venue is a record of its own, joined by `venue_id`.' },
    { paths: ['_embedded.attractions[]'], why: 'The attraction is a record of its own, joined by `attractions[].attraction_id`.' },
    {
      paths: [
        'classifications[].segment.id',
        'classifications[].genre.id',
        'classifications[].subGenre.id',
        'classifications[].type',
        'classifications[].subType',
        'classifications[].family',
      ],
      why: classes,
    },
    { paths: ['dates.access'], why: 'When doors open: rarely given, and then mostly an estimate.' },
    { paths: ['sales.presales[].description', 'description', 'additionalInfo', 'info', 'pleaseNote', 'accessibility', 'ticketLimit'], why: texts },
    {
      paths: ['promoter', 'promoters', 'outlets', 'products', 'seatmap', 'ageRestrictions', 'ticketing', 'externalLinks', 'place'],
      why: 'How tickets are sold, not what is on where and when; `place` is of events without a venue, and rare.',
    },
  ],
  attractions: [
    { paths: ['type'], why: kind },
    { paths: ['_links'], why: addresses },
    { paths: ['locale'], why: locale },
    { paths: ['test'], why: trial },
    { paths: ['images[].ratio', 'images[].height', 'images[].attribution'], why: pictures },
    {
      paths: [
        'classifications[].segment.id',
        'classifications[].genre.id',
        'classifications[].subGenre.id',
        'classifications[].type',
        'classifications[].subType',
        'classifications[].family',
      ],
      why: classes,
    },
    { paths: ['upcomingEvents'], why: 'The total is kept; the parts are by sales system.' },
    { paths: ['description', 'additionalInfo'], why: texts },
  ],
  tracks: [
    { paths: ['type', 'album.type', 'artists[].type'], why: kind },
    {
      paths: ['href', 'uri', 'album.href', 'album.uri', 'album.external_urls', 'artists[].href', 'artists[].uri', 'artists[].external_urls'],
      why: addresses,
    },
    { paths: ['album.artists'], why: "The album's artists; those of the track are kept." },
    { paths: ['album.images[].height'], why: pictures },
    {
      paths: ['album.total_tracks', 'album.available_markets', 'available_markets', 'is_playable', 'restrictions', 'album.restrictions'],
      why: markets,
    },
    { paths: ['preview_url', 'is_local', 'linked_from'], why: 'Deprecated or about the request; a local file has no id, and is rejected.' },
    { paths: ['external_ids.ean', 'external_ids.upc'], why: 'Codes of albums; the code of a recording is its `isrc`.' },
  ],
};

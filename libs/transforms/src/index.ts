export { Artist } from './lib/records/artist.js';
export { ArtistReference } from './lib/records/artist-reference.js';
export { Attraction } from './lib/records/attraction.js';
export { AttractionLink } from './lib/records/attraction-link.js';
export { AttractionReference } from './lib/records/attraction-reference.js';
export {
  Concert,
  CONCERT_STATUSES,
  DATE_STATUSES,
  ONSALE_STATUSES,
  type ConcertStatus,
  type DateStatus,
  type OnsaleStatus,
} from './lib/records/concert.js';
export { Presale } from './lib/records/presale.js';
export { PriceRange } from './lib/records/price-range.js';
export { SPOTIFY_LINKS, type SpotifyLink } from './lib/records/spotify-link.js';
export { StreamFields } from './lib/records/stream-fields.js';
export { DATE_PRECISIONS, Track, type DatePrecision } from './lib/records/track.js';
export { Venue } from './lib/records/venue.js';
export { parseArtist } from './lib/spotify/parse-artist.js';
export { parseTrack } from './lib/spotify/parse-track.js';
export { parseAttraction } from './lib/ticketmaster/parse-attraction.js';
export { parseConcert } from './lib/ticketmaster/parse-concert.js';
export { parseVenue } from './lib/ticketmaster/parse-venue.js';
export { SCHEMA_VERSIONS } from './lib/record-classes.js';
export { normalizerFor, recordId, sourceKey, transformFor, validateRecord } from './lib/transform-for.js';
export {
  DATA_TYPES,
  isDataType,
  type DataType,
  type JsonRecord,
  type Normalizer,
  type Parsed,
  type Reason,
  type RecordOf,
  type Transform,
} from './lib/types.js';

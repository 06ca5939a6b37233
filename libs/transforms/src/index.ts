export { Artist } from './lib/records/artist.js';
export { AttractionReference } from './lib/records/attraction-reference.js';
export { Concert, CONCERT_STATUSES, DATE_STATUSES, type ConcertStatus, type DateStatus } from './lib/records/concert.js';
export { PriceRange } from './lib/records/price-range.js';
export { StreamFields } from './lib/records/stream-fields.js';
export { Venue } from './lib/records/venue.js';
export { parseArtist } from './lib/spotify/parse-artist.js';
export { parseConcert } from './lib/ticketmaster/parse-concert.js';
export { parseVenue } from './lib/ticketmaster/parse-venue.js';
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

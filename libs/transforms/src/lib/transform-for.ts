import { sourceIdOf } from './fields/identity.js';
import { CLASSES } from './record-classes.js';
import { StreamFields } from './records/stream-fields.js';
import { parseArtist } from './spotify/parse-artist.js';
import { parseTrack } from './spotify/parse-track.js';
import { parseAttraction } from './ticketmaster/parse-attraction.js';
import { parseConcert } from './ticketmaster/parse-concert.js';
import { parseVenue } from './ticketmaster/parse-venue.js';
import { DATA_TYPES, isDataType, type DataType, type JsonRecord, type Normalizer, type Reason, type RecordOf, type Transform } from './types.js';
import { validateAs } from './validation/validate.js';

const TRANSFORMS: { [D in DataType]: Transform<RecordOf[D]> } = {
  artists: { dataType: 'artists', source: 'spotify', idField: 'artist_id', parse: parseArtist, sourceKey: sourceIdOf },
  venues: { dataType: 'venues', source: 'ticketmaster', idField: 'venue_id', parse: parseVenue, sourceKey: sourceIdOf },
  events: { dataType: 'events', source: 'ticketmaster', idField: 'concert_id', parse: parseConcert, sourceKey: sourceIdOf },
  attractions: { dataType: 'attractions', source: 'ticketmaster', idField: 'attraction_id', parse: parseAttraction, sourceKey: sourceIdOf },
  tracks: { dataType: 'tracks', source: 'spotify', idField: 'track_id', parse: parseTrack, sourceKey: sourceIdOf },
};

/** The transform of a data type. Throws RangeError, naming the known ones, for any other text. */
export function transformFor<D extends DataType>(dataType: D): Transform<RecordOf[D]> {
  if (!isDataType(dataType)) throw new RangeError(`no transform for data type ${JSON.stringify(dataType)}: known are ${DATA_TYPES.join(', ')}`);
  return TRANSFORMS[dataType];
}

/** The transform of a data type as one function, for those who handle records as JSON, whatever their kind. Throws RangeError as `transformFor`. */
export function normalizerFor(dataType: DataType): Normalizer {
  const { parse, idField } = transformFor(dataType);
  return (raw) => {
    const parsed = parse(raw);
    if (!parsed.ok) return parsed;
    // Records are plain objects of JSON; their classes only lack the index signature that says so.
    const record = parsed.record as unknown as JsonRecord;
    return { ok: true, id: record[idField] as string, record };
  };
}

/** The source's own id of a raw record, by which a run drops what it has already seen; undefined when there is none to go by. */
export function sourceKey(dataType: DataType, raw: unknown): string | undefined {
  return transformFor(dataType).sourceKey(raw);
}

/** The entity id of a normalized record: partition key on the stream, primary key in the lake. Undefined when the record has none. */
export function recordId(dataType: DataType, record: object): string | undefined {
  const id = (record as Record<string, unknown>)[transformFor(dataType).idField];
  return typeof id === 'string' ? id : undefined;
}

/**
 * Every reason why a value is not a normalized record of the data type; none when it is. What the stream adds (`data_type`, `ingestion_timestamp`,
 * `record_hash`, `run_id`) is validated when it is there; fields nobody declared are let through, because records change by addition.
 */
export function validateRecord(dataType: DataType, record: unknown): Reason[] {
  transformFor(dataType);
  const reasons = validateAs(CLASSES[dataType], record);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return reasons;
  const fields = record as Record<string, unknown>;
  const added = validateAs(StreamFields, fields);
  const named = fields['data_type'];
  const other = isDataType(named) && named !== dataType ? [{ path: 'data_type', message: `must be ${dataType}, is ${named}` }] : [];
  return [...reasons, ...added, ...other];
}

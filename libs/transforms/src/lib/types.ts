import type { Artist } from './records/artist.js';
import type { Attraction } from './records/attraction.js';
import type { Concert } from './records/concert.js';
import type { Track } from './records/track.js';
import type { Venue } from './records/venue.js';

/** The kinds of normalized records, named as in object names (`raw/{source}/{data_type}/…`) and in the stream's `data_type`. */
export const DATA_TYPES = ['artists', 'venues', 'events', 'attractions', 'tracks'] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** The record class of each data type. */
export interface RecordOf {
  artists: Artist;
  venues: Venue;
  events: Concert;
  attractions: Attraction;
  tracks: Track;
}

/** Where a record is wrong and how. `path` is dotted with list indexes (`priceRanges[0].min`); it is empty for the record as a whole. */
export interface Reason {
  path: string;
  message: string;
}

/** A source record either becomes a normalized record, or says why it can't. */
export type Parsed<T> = { ok: true; record: T } | { ok: false; reasons: Reason[] };

/** Everything that turns one source's records of one kind into normalized ones. */
export interface Transform<T = RecordOf[DataType]> {
  dataType: DataType;
  source: 'spotify' | 'ticketmaster';
  /** The field that holds the entity id: partition key of the stream, primary key of the table. */
  idField: string;
  /** Never throws, whatever JSON it is given. */
  parse: (raw: unknown) => Parsed<T>;
  /** The source's own id, by which a run drops what it has already seen; undefined when there is none to go by. */
  sourceKey: (raw: unknown) => string | undefined;
}

/** JSON, as a record is on its way to sinks. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonRecord = { readonly [key: string]: Json };

/** A raw record to its normalized one as JSON, with its entity id: the shape in which a pipeline takes a transform. */
export type Normalizer = (
  raw: unknown,
) => { readonly ok: true; readonly id: string; readonly record: JsonRecord } | { readonly ok: false; readonly reasons: readonly Reason[] };

export function isDataType(value: unknown): value is DataType {
  return (DATA_TYPES as readonly unknown[]).includes(value);
}

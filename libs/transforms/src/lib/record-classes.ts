import { Artist } from './records/artist.js';
import { Attraction } from './records/attraction.js';
import { Concert } from './records/concert.js';
import { Track } from './records/track.js';
import { Venue } from './records/venue.js';
import type { DataType } from './types.js';

/** The record class of each data type, as a value. */
export const CLASSES = { artists: Artist, venues: Venue, events: Concert, attractions: Attraction, tracks: Track } as const;

/** The version of each data type's schema: one more with every addition of a field. */
export const SCHEMA_VERSIONS: Readonly<Record<DataType, string>> = { artists: '1', venues: '1', events: '2', attractions: '1', tracks: '1' };

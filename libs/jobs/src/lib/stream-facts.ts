import type { JobDefinition, JobStream, Need } from '@loadin/config';
import type { DataType } from '@loadin/transforms';

/** A stream that a loader brings into bronze as a whole: a table, or an API that is read like one. */
export type EntityStream = Extract<JobStream, { readonly id: `postgres.${string}` | 'payments.payments' | 'shipments.shipments' }>;
/** A stream whose records are normalized and go to sinks one by one. */
export type RecordStream = Exclude<JobStream, EntityStream>;

/** What a stream of records asks for and gives. */
const RECORDS: Readonly<Record<RecordStream['id'], { readonly need: Need; readonly dataType: DataType }>> = {
  'spotify.artists': { need: 'spotify', dataType: 'artists' },
  'spotify.tracks': { need: 'spotify', dataType: 'tracks' },
  'ticketmaster.venues': { need: 'ticketmaster', dataType: 'venues' },
  'ticketmaster.events': { need: 'ticketmaster', dataType: 'events' },
  'ticketmaster.attractions': { need: 'ticketmaster', dataType: 'attractions' },
};

export const RECORD_STREAMS = Object.keys(RECORDS);

const isRecordId = (id: string): id is RecordStream['id'] => Object.hasOwn(RECORDS, id);

export const isEntity = (stream: JobStream): stream is EntityStream => !isRecordId(stream.id);

/** What the normalized records of a stream are; `undefined` for one that has none. */
export const recordTypeOf = (id: string): DataType | undefined => (isRecordId(id) ? RECORDS[id].dataType : undefined);

/** The same of a stream that certainly has some. */
export const dataTypeOf = ({ id }: RecordStream): DataType => RECORDS[id].dataType;

export function needOf({ id }: JobStream): Need {
  if (isRecordId(id)) return RECORDS[id].need;
  return id === 'payments.payments' ? 'payments' : id === 'shipments.shipments' ? 'shipments' : 'postgres';
}

/** The folder of a stream in the lake. */
export const folderOf = (id: string): string => recordTypeOf(id) ?? id.slice(id.indexOf('.') + 1);

/** A job whose streams are loaded into bronze: the jobs file sees to it that all of them are, or none. */
export const isBronze = ({ streams }: Pick<JobDefinition, 'streams'>): boolean => streams.some(isEntity);

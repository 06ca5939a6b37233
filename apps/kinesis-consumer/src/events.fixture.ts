import { parseArtist, parseConcert, parseVenue } from '@loadin/transforms';
import type { KinesisEvent } from './types.js';

const streamFields = { ingestion_timestamp: '2026-05-01T02:00:00Z', record_hash: '0'.repeat(32), run_id: '6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11' };

export type StreamRecord = Readonly<Record<string, unknown>>;

/** Records as the stream carries them. */
export const artist: StreamRecord = streamRecord(
  'artists',
  parseArtist({ id: '7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns', genres: [], type: 'artist' }),
);
export const venue: StreamRecord = streamRecord('venues', parseVenue({ id: 'KovZsynth01', name: 'Quayside Hall', type: 'venue' }));
export const concert: StreamRecord = streamRecord(
  'events',
  parseConcert({
    id: 'vvGsynth01',
    name: 'An ordinary night',
    type: 'event',
    dates: { start: { localDate: '2026-05-03', dateTBD: false, dateTBA: false, timeTBA: true, noSpecificTime: false } },
  }),
);

function streamRecord(dataType: string, parsed: { ok: true; record: object } | { ok: false; reasons: unknown }): StreamRecord {
  if (!parsed.ok) throw new Error(`The sample of ${dataType} is wrong: ${JSON.stringify(parsed.reasons)}`);
  return { ...parsed.record, data_type: dataType, ...streamFields };
}

/** A batch as Lambda hands it over; texts are taken as the record's bytes, everything else as JSON. Sequence numbers are 1, 2, 3 … */
export function kinesisEvent(records: readonly unknown[]): KinesisEvent {
  return {
    Records: records.map((record, index) => ({
      eventID: `shardId-000000000000:${index + 1}`,
      kinesis: {
        data: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)).toString('base64'),
        sequenceNumber: String(index + 1),
        partitionKey: 'key',
      },
    })),
  };
}

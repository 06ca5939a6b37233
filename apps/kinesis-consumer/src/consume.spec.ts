import type { LogFields, Logger } from '@loadin/observability';
import { consume } from './consume.js';
import { artist, concert, kinesisEvent, venue } from './events.fixture.js';

function recordingLogger(): { logger: Logger; lines: { message: string; fields?: LogFields }[] } {
  const lines: { message: string; fields?: LogFields }[] = [];
  const write = (message: string, fields?: LogFields): void => void lines.push({ message, fields });
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return { logger, lines };
}
const consumed = (records: readonly unknown[]) => {
  const { logger, lines } = recordingLogger();
  const { answer, tally } = consume(kinesisEvent(records), logger);
  return { failures: answer.batchItemFailures, metrics: tally.metrics(), lines };
};

describe('a batch', () => {
  it('is counted by data type and source, and nothing failed', () => {
    const { failures, metrics } = consumed([artist, venue, concert, artist]);
    expect(failures).toEqual([]);
    expect(metrics).toEqual([
      { name: 'RecordsConsumed', dimensions: { DataType: 'artists', Source: 'spotify' }, count: 2 },
      { name: 'RecordsConsumed', dimensions: { DataType: 'venues', Source: 'ticketmaster' }, count: 1 },
      { name: 'RecordsConsumed', dimensions: { DataType: 'events', Source: 'ticketmaster' }, count: 1 },
    ]);
  });

  it('without records is answered', () => {
    expect(consumed([])).toMatchObject({ failures: [], metrics: [] });
  });

  it('says which records failed, and counts the others', () => {
    const { failures, metrics } = consumed([artist, { ...artist, popularity_score: 101 }, venue, 'nonsense']);
    expect(failures).toEqual([{ itemIdentifier: '2' }, { itemIdentifier: '4' }]);
    expect(metrics).toEqual([
      { name: 'RecordsConsumed', dimensions: { DataType: 'artists', Source: 'spotify' }, count: 1 },
      { name: 'RecordsRejected', dimensions: { DataType: 'artists', Source: 'spotify' }, count: 1 },
      { name: 'RecordsConsumed', dimensions: { DataType: 'venues', Source: 'ticketmaster' }, count: 1 },
      { name: 'RecordsRejected', dimensions: { DataType: 'unknown', Source: 'unknown' }, count: 1 },
    ]);
  });

  it('lets fields through that nobody declared: records change by addition', () => {
    expect(consumed([{ ...artist, monthly_listeners: 12 }]).failures).toEqual([]);
  });

  it('counts the record that loadin-setup sends as a test, not as data', () => {
    const { failures, metrics } = consumed([{ test: true, timestamp: '2024-11-08T12:00:00Z' }]);
    expect(failures).toEqual([]);
    expect(metrics).toEqual([{ name: 'TestRecords', dimensions: { DataType: 'test', Source: 'setup' }, count: 1 }]);
  });

  it.each([
    ['bytes that are no JSON', '{"data_type":', 'it is not JSON in UTF-8'],
    ['a list', [artist], 'it is not a JSON object'],
    ['null', null, 'it is not a JSON object'],
    ['no data type', { artist_id: 'spotify_1' }, 'data_type is missing; known are artists, venues, events, attractions, tracks'],
    ['an unknown data type', { ...artist, data_type: 'shows' }, 'data_type is "shows"; known are artists, venues, events, attractions, tracks'],
    ['another data type than its own', { ...artist, data_type: 'venues' }, expect.stringMatching(/^venue_id: /)],
    ['a test record of a source', { ...artist, artist_id: 7, test: true }, expect.stringMatching(/^artist_id: /)],
  ])('fails a record that has %s, and says why', (_what, record, reason) => {
    const { failures, lines } = consumed([record]);
    expect(failures).toEqual([{ itemIdentifier: '1' }]);
    expect(lines[0]).toMatchObject({ message: 'Bad record', fields: { shard: 'shardId-000000000000', sequence_number: '1', partition_key: 'key' } });
    expect((lines[0]?.fields?.['reasons'] as string[])[0]).toEqual(reason);
  });

  it('fails bytes that are not UTF-8 rather than repairing them', () => {
    const event = { Records: [{ kinesis: { data: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), sequenceNumber: '9' } }] };
    expect(consume(event, recordingLogger().logger).answer).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] });
  });

  it('names at most 20 bad records in the log, and all of them in the answer', () => {
    const { failures, lines } = consumed(Array.from({ length: 500 }, () => 'x'));
    expect(failures).toHaveLength(500);
    expect(lines).toHaveLength(22);
    expect(lines[20]).toEqual({ message: 'More bad records in this batch are not named', fields: { bad: 480 } });
    expect(lines[21]).toEqual({ message: 'Batch consumed', fields: { records: 500, failed: 500 } });
  });
});

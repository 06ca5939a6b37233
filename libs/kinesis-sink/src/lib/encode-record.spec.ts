import type { BatchRecord } from '@loadin/pipeline';
import { batchOf, recordOf } from '@loadin/testing';
import fc from 'fast-check';
import { createEncoder, dataOf, type Encoded, type Refusal } from './encode-record.js';

const batch = batchOf([]);
const encode = (record: BatchRecord, maxBytes: number): Encoded | Refusal => createEncoder(batch, { maxBytes })(record);
const textOf = (encoded: unknown): string => Buffer.from(dataOf(encoded as Encoded)).toString();

describe('createEncoder', () => {
  it("extends the record's own text by the four fields of the stream", () => {
    const record = recordOf('spotify_1', { artist_id: 'spotify_1', name: 'Beyoncé', followers: null });
    expect(textOf(encode(record, 1_000))).toBe(
      `{"artist_id":"spotify_1","name":"Beyoncé","followers":null,"data_type":"artists","ingestion_timestamp":"2024-11-08T12:00:00Z","record_hash":"${record.hash}","run_id":"${batch.runId}"}`,
    );
  });

  it('adds whose replay it is to a record that a replay sends changed', () => {
    const record = recordOf('spotify_1', { artist_id: 'spotify_1' });
    const [first, again] = [record, { ...record, replayOf: 'run-1' }].map((one) => textOf(encode(one, 1_000)));
    expect(again).toBe(`${String(first).slice(0, -1)},"replay_of":"run-1"}`);
  });

  it.each([[{}], [{ data_type: 'theirs', a: 1 }], [{ run_id: null }]])('writes valid JSON without a name that stands twice for %j', (value) => {
    const record = recordOf('id', value);
    const text = textOf(encode(record, 1_000));
    expect(JSON.parse(text)).toEqual({
      ...value,
      data_type: 'artists',
      ingestion_timestamp: '2024-11-08T12:00:00Z',
      record_hash: record.hash,
      run_id: batch.runId,
    });
    expect(text.match(/"data_type"/g)).toHaveLength(1);
  });

  it('counts data and key in bytes against the limit', () => {
    const record = recordOf('é', { a: 'é' });
    const { bytes } = encode(record, 10_000) as Encoded;
    expect(bytes).toBe(Buffer.byteLength(textOf(encode(record, 10_000))) + 2);
    expect(encode(record, bytes)).toHaveProperty('key');
    expect(encode(record, bytes - 1)).toEqual({
      status: 'undeliverable',
      errorClass: 'RecordTooLarge',
      reason: `it has ${bytes} bytes with its key; the stream takes ${bytes - 1}`,
    });
  });

  it('counts the bytes that it sends, whatever is in the record', () => {
    const values = fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('data_type', 'run_id', 'replay_of')), fc.jsonValue(), {
      maxKeys: 6,
    });
    const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        values,
        ids,
        fc.oneof(fc.stringMatching(/^[0-9a-f]{32}$/), fc.string()),
        fc.option(fc.string(), { nil: undefined }),
        (value, id, hash, replayOf) => {
          const record = { ...recordOf(id, { ...value } as BatchRecord['value']), hash, ...(replayOf !== undefined && { replayOf }) };
          const encoded = encode(record, 1_000_000) as Encoded;
          expect(encoded.bytes).toBe(dataOf(encoded).byteLength + Buffer.byteLength(id));
          expect(JSON.parse(textOf(encoded))).toMatchObject({ data_type: 'artists', record_hash: hash, run_id: batch.runId });
        },
      ),
    );
  });

  it.each([
    ['', 'its id has 0 characters'],
    ['x'.repeat(257), 'its id has 257 characters'],
  ])('refuses "%.3s" as a partition key', (id, reason) => {
    expect(encode(recordOf(id, { a: 1 }), 1_000)).toMatchObject({
      status: 'undeliverable',
      errorClass: 'InvalidPartitionKey',
      reason: expect.stringContaining(reason),
    });
  });

  it('takes a key of 256 characters outside the basic plane', () => {
    expect(encode(recordOf('🎤'.repeat(256), { a: 1 }), 10_000)).toHaveProperty('key');
  });

  it('sends an explicit hash key along, and refuses what is none', () => {
    const encoder = createEncoder(batch, { maxBytes: 1_000, explicitHashKey: ({ value }) => value['hash'] as string | undefined });
    expect(encoder(recordOf('a', { n: 1 }))).not.toHaveProperty('explicit');
    expect(encoder(recordOf('a', { hash: '256' }))).toMatchObject({ explicit: { decimal: '256', hashKey: `${'\0'.repeat(14)}\x01\0` } });
    expect(encoder(recordOf('a', { hash: '0x10' }))).toEqual({
      status: 'undeliverable',
      errorClass: 'InvalidExplicitHashKey',
      reason: 'its explicit hash key is not a decimal number from 0 to 2^128 − 1',
    });
  });
});

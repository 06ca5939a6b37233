import { createHash } from 'node:crypto';
import type { Batch, BatchRecord, JsonObject } from '@loadin/pipeline';

/** A batch record of a value. The hash is the MD5 of the JSON as given: enough for tests, not the canonical hash of the lake. */
export function recordOf(id: string, value: JsonObject = { artist_id: id, name: `Artist ${id}` }): BatchRecord {
  const json = JSON.stringify(value);
  return { id, value, json, hash: createHash('md5').update(json).digest('hex') };
}

/** `count` records `spotify_{from}` … with names of different lengths, some of them outside ASCII. */
export function recordsOf(count: number, from = 0): BatchRecord[] {
  return Array.from({ length: count }, (_, offset) => {
    const number = from + offset;
    const id = `spotify_${number}`;
    return recordOf(id, {
      artist_id: id,
      source: 'spotify',
      name: `Ártist ${'né'.repeat(number % 7)} ${number}`,
      popularity: number % 101,
      followers: null,
    });
  });
}

/** `count` records of one id, `version` 0, 1, 2 …: for the order within a key. */
export function versionsOf(id: string, count: number): BatchRecord[] {
  return Array.from({ length: count }, (_, version) => recordOf(id, { artist_id: id, version }));
}

/** A batch of spotify artists in slice 0, part 0 at 2024-11-08T12:00:00Z; `fields` replaces what a test cares about. */
export function batchOf(records: readonly BatchRecord[], fields: Partial<Omit<Batch, 'records'>> = {}): Batch {
  return {
    runId: '6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11',
    ingestionId: 'b0f7a0ce-5c55-5b8c-8b3a-4c2f3f9d7e22',
    source: 'spotify',
    dataType: 'artists',
    sliceOrdinal: 0,
    part: 0,
    second: '2024-11-08T12:00:00Z',
    rejected: 0,
    ...fields,
    records,
  };
}

import { describeLake } from '@loadin/catalogue';
import { DATA_TYPES, normalizerFor, transformFor } from '@loadin/transforms';
import { recordSchema } from '@loadin/transforms/schema';
import { SAMPLES } from '@loadin/transforms/samples';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openAthena, type Athena } from './athena.js';

/** What the stream adds to records, and raw objects do not have. */
const STREAM_ONLY = ['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of'];

const kinds = DATA_TYPES.map((dataType) => {
  const { properties = {} } = recordSchema(dataType);
  const schema = { type: 'object', properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !STREAM_ONLY.includes(name))) };
  const records = SAMPLES.filter((sample) => sample.dataType === dataType).flatMap(({ raw }) => {
    const parsed = normalizerFor(dataType)(raw);
    return parsed.ok ? [parsed.record] : [];
  });
  const { source, idField } = transformFor(dataType);
  return { dataType, source, idField, schema, records };
});

describe('the views of raw records, over objects of every data type', () => {
  let root: string;
  let athena: Athena;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'loadin-raw-'));
    for (const { dataType, source, records } of kinds) {
      const folder = join(root, 'raw', source, dataType, 'year=2026', 'month=03', 'day=01');
      mkdirSync(folder, { recursive: true });
      const [first, rest] = [records.slice(0, 1), records.slice(1)].map((some) => object(source, dataType, some));
      writeFileSync(join(folder, `${dataType}_20260301_020000.json`), first ?? '');
      writeFileSync(join(folder, `${dataType}_20260301_020000_00001.json.gz`), gzipSync(rest ?? ''));
      writeFileSync(join(folder, `${dataType}_20260301_030000.json`), object(source, dataType, []));
    }
    athena = await openAthena({ lake: root });
    for (const { sql } of describeLake({ raw: { bucket: 'lake', records: kinds } })) await athena.run(sql);
  });
  afterAll(() => {
    athena.close();
    rmSync(root, { recursive: true });
  });

  it.each(kinds)('gives all fields of $dataType, a row for each record', async ({ dataType, idField, schema, records }) => {
    expect(records.length).toBeGreaterThan(2);
    const fields = Object.keys(schema.properties);
    const rows = await athena.rows(`SELECT ${fields.map((field) => `"${field}"`).join(', ')} FROM raw."${dataType}"`);
    const byId = (all: readonly object[]) => all.map(comparable).sort((a, b) => (String(a[idField]) < String(b[idField]) ? -1 : 1));
    expect(byId(rows)).toEqual(byId(records.map((record) => Object.fromEntries(fields.map((field) => [field, record[field] ?? null])))));
  });

  it('says of each record when it was read, of what object it is, and which day', async () => {
    const rows = await athena.rows(`SELECT _ingestion_timestamp, _object, year, month, day FROM raw.venues ORDER BY _object LIMIT 1`);
    expect(rows).toEqual([
      {
        _ingestion_timestamp: '2026-03-01T02:00:00Z',
        _object: expect.stringMatching(/venues_20260301_020000\.json$/),
        year: '2026',
        month: '03',
        day: '01',
      },
    ]);
  });

  it('has a row for each object too, also for one without records', async () => {
    const rows = await athena.rows(
      'SELECT ingestion_result.records_processed AS records, len(records) AS there FROM raw.artists_objects ORDER BY "$path"',
    );
    expect(rows).toHaveLength(3);
    for (const { records, there } of rows) expect(records).toBe(there);
  });
});

function object(source: string, dataType: string, records: readonly object[]): string {
  const counts = { records_processed: records.length, records_successful: records.length, records_failed: 0 };
  return `${JSON.stringify({ ingestion_result: { success: true, source, data_type: dataType, ...counts, timestamp: '2026-03-01T02:00:00Z' }, records })}\n`;
}

/** Whole numbers of 64 bits are texts in DuckDB's JSON; in lists of objects, fields that a record leaves out are null. */
const comparable = (record: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(record, (_key, value: unknown) => (typeof value === 'number' ? String(value) : value))) as Record<string, unknown>;

import Ajv from 'ajv';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordOf } from '../lib/parsed.fixture.js';
import { SCHEMA_VERSIONS } from '../lib/record-classes.js';
import { StreamFields } from '../lib/records/stream-fields.js';
import { spotifyArtist, spotifyTrack, ticketmasterAttraction, ticketmasterEvent, ticketmasterVenue } from '../lib/samples/raw.js';
import { SAMPLES } from '../lib/samples/validate-transforms.js';
import { incompatibilities } from '../lib/schema/incompatibilities.js';
import { jsonSchemaOf, type JsonSchema } from '../lib/schema/json-schema.js';
import { recordSchema } from '../lib/schema/record-schema.js';
import { transformFor, validateRecord } from '../lib/transform-for.js';
import { DATA_TYPES, type DataType } from '../lib/types.js';

const FOLDER = join(__dirname, '../../schemas');
const published = (name: string): JsonSchema => JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8')) as JsonSchema;
const baselines = readdirSync(join(FOLDER, 'baseline')).map((file) => file.replace('.schema.json', ''));

const RAW: Record<DataType, unknown> = {
  artists: spotifyArtist(),
  venues: ticketmasterVenue(),
  events: ticketmasterEvent({ sales: { presales: [{ name: 'Fan club presale' }] } }),
  attractions: ticketmasterAttraction(),
  tracks: spotifyTrack(),
};
const STREAM = {
  ingestion_timestamp: '2026-11-21T02:00:00Z',
  record_hash: '0'.repeat(32),
  run_id: '886313e1-3b8a-5372-9b90-0c9aee199e5d',
  replay_of: '886313e1-3b8a-5372-9b90-0c9aee199e5d',
};
// prettier-ignore
const NEAR_MISSES = [
  '', ' ', 'x', 'spotify_x', 'spotify_x y', 'ticketmaster_y', '2026-02-29', '2024-02-29', '2026-13-01', '2026-05-03T24:00:00Z', '2026-05-03T23:59:60Z',
  '2026-02-30T10:00:00Z', '2026-05-03T17:00:00.5Z', '1981', '1981-00', '1981-12', '19:30:00', '24:00:00', '12.30', '1e3', '-0', 'onsale', 'exact',
  0, -1, 0.5, 100, 101, 2 ** 53, true, null, [], {}, [null], ['x'], ['spotify_x'], [{}], [[]], 'artists', 'events', '\ufeff', 'a\nb',
];

const STREAM_FIELDS = Object.keys(jsonSchemaOf(StreamFields).properties ?? {});
const ownFields = ({ properties = {} }: JsonSchema): unknown =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !STREAM_FIELDS.includes(name)));
const withoutWords = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'description' && typeof value === 'string' ? undefined : value)));

describe.each(DATA_TYPES)('the published schema of %s', (dataType) => {
  const schema = published(dataType);
  const accepts = new Ajv({ format: 'full' }).compile(schema);
  const record: Record<string, unknown> = { ...recordOf<object>(transformFor(dataType).parse(RAW[dataType])), data_type: dataType, ...STREAM };

  it('says what the record class says', () => {
    expect(withoutWords(schema)).toEqual(withoutWords(recordSchema(dataType)));
  });

  it('has words for every field, those of lists included', () => {
    const wordless = ({ properties = {} }: JsonSchema): string[] =>
      Object.entries(properties).flatMap(([name, field]) => [...(field.description ? [] : [name]), ...(field.items ? wordless(field.items) : [])]);
    expect([schema.description, wordless(schema)]).toEqual([expect.stringMatching(/\w{3}/), []]);
  });

  it('accepts what the class accepts and nothing else, by the verdict of another validator', () => {
    const strange = fc.oneof(fc.constantFrom<unknown>(...NEAR_MISSES), fc.jsonValue({ maxDepth: 2 }));
    const verdicts = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(record)), strange, (field, value) => {
        const changed: unknown = JSON.parse(JSON.stringify({ ...record, [field]: value }));
        const valid = validateRecord(dataType, changed).length === 0;
        verdicts[valid ? 'valid' : 'invalid'] += 1;
        expect({ field, value, valid: accepts(changed) }).toEqual({ field, value, valid });
      }),
      { seed: 4, numRuns: 1500 },
    );
    expect(Math.min(verdicts.valid, verdicts.invalid)).toBeGreaterThan(100);
  });

  it('accepts what becomes of every bundled sample', () => {
    const parsed = SAMPLES.filter((sample) => sample.dataType === dataType).map(({ raw }) => transformFor(dataType).parse(raw));
    const records = parsed.flatMap((one) => (one.ok ? [JSON.parse(JSON.stringify(one.record)) as unknown] : []));
    expect(records.length).toBeGreaterThanOrEqual(6);
    expect(records.filter((one) => !accepts(one))).toEqual([]);
  });

  it('is found by its name in the package', () => {
    expect(require.resolve(`@loadin/transforms/schemas/${dataType}.schema.json`)).toBe(join(FOLDER, `${dataType}.schema.json`));
  });

  it('accepts a record without what the stream adds, and with fields of a newer version', () => {
    expect(accepts(recordOf<object>(transformFor(dataType).parse(RAW[dataType])))).toBe(true);
    expect(accepts({ ...record, some_new_field: 1 })).toBe(true);
  });

  it('differs from every earlier version by addition alone', () => {
    const earlier = baselines.filter((name) => name.startsWith(`${dataType}.`));
    expect(earlier).toContain(`${dataType}.1`);
    for (const name of earlier) expect([name, incompatibilities(published(`baseline/${name}`), schema)]).toEqual([name, []]);
  });

  it('has a new version number when fields were added, and is kept in the baseline under it', () => {
    const same = published(`baseline/${dataType}.${SCHEMA_VERSIONS[dataType]}`);
    expect(withoutWords(ownFields(schema))).toEqual(withoutWords(ownFields(same)));
  });
});

it('the baseline holds no version from the future', () => {
  const known = DATA_TYPES.flatMap((type) => Array.from({ length: Number(SCHEMA_VERSIONS[type]) }, (_, index) => `${type}.${index + 1}`));
  expect(baselines.sort()).toEqual(known.sort());
});

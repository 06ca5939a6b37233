import { createHash } from 'node:crypto';
import { canonicalJson, recordHash, type Json, type JsonObject } from '@loadin/pipeline';
import fc from 'fast-check';
import { copyField, copyRows, createLake, type Lake } from '../readers.fixture.js';
import { canonicalRecords } from './canonical-record.js';

// JSON.parse makes a key `__proto__` that an assignment would not; no source has it.
const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__')) as fc.Arbitrary<Json>;
const keys = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '10', '9', '1', 'run_id', '_x', 'data_type', '\uFF21', '\u{1F3B5}'));
const record = fc.dictionary(
  keys.filter((key) => key !== '__proto__'),
  json,
) as fc.Arbitrary<JsonObject>;

describe('the canonical JSON of records', () => {
  it("is the pipeline's, whatever came before", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const canonical = canonicalRecords();
        for (const each of [...records, ...records]) expect(canonical(each)).toBe(canonicalJson(each));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the hash in a file', () => {
  let lake: Lake;
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  const vectors: [JsonObject, string][] = [
    [{ artist_id: 'spotify_1', name: 'Björk', popularity_score: null, genre: [] }, '1e4b3017c78c7f087f2c8dc4b1c24466'],
    [{}, '99914b932bd37a50b983c5e7c90ae93b'],
  ];
  it("of records is the pipeline's, by its test vectors", async () => {
    await lake.records(vectors.map(([each]) => each));
    expect((await lake.rows('select _record_hash h from lake')).map(({ h }) => h)).toEqual(vectors.map(([, hash]) => hash));
  });

  it('of rows of COPY is that of the same record in JSON, where JSON can say the same', async () => {
    const rows = fc.sample(
      fc.record({
        'Ä "q"': fc.option(fc.integer()),
        b: fc.option(fc.boolean()),
        a: fc.option(fc.string({ unit: 'grapheme' })),
        run_id: fc.constant('r'),
      }),
      {
        numRuns: 300,
        seed: 7,
      },
    );
    const columns = [
      { name: 'Ä "q"', type: 'integer' },
      { name: 'b', type: 'boolean' },
      { name: 'a', type: 'text' },
      { name: 'run_id', type: 'text' },
    ];
    // Postgres has no NUL in texts.
    const records = rows.map((row) => ({ ...row, a: row.a?.replaceAll('\0', '') ?? null }));
    const text = records.map((row) => [row['Ä "q"']?.toString() ?? null, row.b === null ? null : row.b ? 't' : 'f', row.a, row.run_id]);
    await lake.copy(columns, copyRows(text));
    expect((await lake.rows('select _record_hash h from lake')).map(({ h }) => h)).toEqual(records.map((each) => recordHash(each)));
  });

  // For other languages: the JSON is what stands here, and the hash its MD5.
  it.each([
    ['numeric', '12345678901234567890.10', '{"v":12345678901234567890.10}'],
    ['numeric(5,2)', 'NaN', '{"v":"NaN"}'],
    ['double precision', '-Infinity', '{"v":"-Infinity"}'],
    ['bigint', '-9223372036854775808', '{"v":-9223372036854775808}'],
    ['bytea', '\\x00ff', '{"v":"\\\\x00ff"}'],
    ['timestamp with time zone', '2026-01-01 00:00:00+00', '{"v":"2026-01-01 00:00:00+00"}'],
    ['jsonb', '{"b": 1, "a": "x\\ny"}', '{"v":"{\\"b\\": 1, \\"a\\": \\"x\\\\ny\\"}"}'],
    ['integer[]', '{1,NULL}', '{"v":"{1,NULL}"}'],
    ['text', '\u0001\u007f\u2028/', '{"v":"\\u0001\u007f\u2028/"}'],
  ])('of %s %s is the MD5 of %s', async (type, value, canonical) => {
    await lake.copy([{ name: 'v', type }], `${copyField(value)}\n`);
    expect((await lake.rows('select _record_hash h from lake'))[0]?.h).toBe(createHash('md5').update(canonical).digest('hex'));
  });
});

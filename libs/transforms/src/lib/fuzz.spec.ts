import fc from 'fast-check';
import { spotifyArtist, spotifyTrack, ticketmasterAttraction, ticketmasterEvent, ticketmasterVenue } from './samples/raw.js';
import { recordId, sourceKey, transformFor, validateRecord } from './transform-for.js';
import { DATA_TYPES, type DataType } from './types.js';

const SAMPLES: Record<DataType, Record<string, unknown>> = {
  artists: spotifyArtist(),
  venues: ticketmasterVenue(),
  events: ticketmasterEvent(),
  attractions: ticketmasterAttraction(),
  tracks: spotifyTrack(),
};
const NASTY = fc.constantFrom<unknown>(
  null,
  '',
  '0',
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  [[]],
  '\ud800',
  '1900-01-01',
  { __proto__: null },
  JSON.parse('{"__proto__":{"id":"x"},"constructor":1,"toString":2}'),
);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 4 }), NASTY);

/** The value with the node at a place in it replaced: what breaks parsers is a nearly right record, not noise. */
function withReplaced(value: unknown, place: number, replacement: unknown): unknown {
  let left = place;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return replacement;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node === 'object' && node !== null) return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
    return node;
  };
  return walk(value);
}

describe.each(DATA_TYPES)('the transform of %s', (dataType) => {
  const { parse, idField } = transformFor(dataType);
  const good = parse(SAMPLES[dataType]);
  const fields = good.ok ? Object.keys(good.record) : [];

  const check = (raw: unknown): boolean => {
    const parsed = parse(raw);
    sourceKey(dataType, raw);
    validateRecord(dataType, raw);
    if (!parsed.ok) {
      const told = parsed.reasons.every(({ path, message }) => typeof path === 'string' && message !== '' && !message.includes('\n'));
      if (parsed.reasons.length === 0 || !told) throw new Error(`does not say why: ${JSON.stringify(parsed.reasons)}`);
      return false;
    }
    const record = parsed.record as unknown as Record<string, unknown>;
    const found = {
      fields: Object.keys(record),
      problems: [...validateRecord(dataType, record), ...validateRecord(dataType, JSON.parse(JSON.stringify(record)))],
      id: recordId(dataType, parsed.record),
      empty: Object.values(record).includes(''),
    };
    const wanted = { fields, problems: [], id: record[idField], empty: false };
    // Thousands of comparisons: an expectation for each would take most of the time.
    if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
    return true;
  };

  it('throws at no JSON value', () => {
    fc.assert(
      fc.property(anything, (raw) => void check(raw)),
      { seed: 42, numRuns: 500 },
    );
  });

  it('accepts or explains a record with anything anywhere in it', () => {
    const verdicts = { accepted: 0, rejected: 0 };
    fc.assert(
      fc.property(fc.nat(80), anything, (place, value) => {
        verdicts[check(withReplaced(SAMPLES[dataType], place, value)) ? 'accepted' : 'rejected']++;
      }),
      { seed: 43, numRuns: 1200 },
    );
    expect(verdicts.accepted).toBeGreaterThan(50);
    expect(verdicts.rejected).toBeGreaterThan(50);
  });
});

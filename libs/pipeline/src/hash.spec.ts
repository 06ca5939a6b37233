import { canonicalJson, recordHash } from './hash.js';

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 unit at every depth and keeps nulls and the order of arrays', () => {
    expect(canonicalJson({ b: { z: 1, a: [3, { y: null, x: 'é' }] }, a: null, B: true })).toBe(
      '{"B":true,"a":null,"b":{"a":[3,{"x":"é","y":null}],"z":1}}',
    );
  });
  it('sorts by UTF-16 unit, not by code point', () => {
    // U+1F3B5 starts with the unit D83C, which comes before U+FF21
    expect(canonicalJson({ '\uFF21': 1, '\u{1F3B5}': 2 })).toBe('{"\u{1F3B5}":2,"\uFF21":1}');
  });
  it('leaves delivery columns out at the top and keeps them below', () => {
    expect(canonicalJson({ a: { run_id: 1 }, data_type: 'x', ingestion_timestamp: 'x', record_hash: 'x', run_id: 'x', _ingestion_id: 'x' })).toBe(
      '{"a":{"run_id":1}}',
    );
  });
  it('prints numbers as ECMAScript does', () => {
    expect(canonicalJson({ a: 1e21, b: 0.1, c: -0, d: 85.0 })).toBe('{"a":1e+21,"b":0.1,"c":0,"d":85}');
  });
});

describe('recordHash', () => {
  // The same vectors stand in the README, for other languages: MD5 of the UTF-8 bytes of the canonical JSON.
  it.each([
    [{}, '99914b932bd37a50b983c5e7c90ae93b'],
    [{ artist_id: 'spotify_1', name: 'Björk', popularity_score: null, genre: [] }, '1e4b3017c78c7f087f2c8dc4b1c24466'],
  ])('of %j is %s', (record, expected) => {
    expect(recordHash(record)).toBe(expected);
  });
});

import { badEvidence } from './bad-evidence.fixture.js';
import { checks } from './checks.js';
import { goodEvidence } from './good-evidence.fixture.js';
import { hashOf } from './reading/canonical.js';

describe('checks of deliveries', () => {
  it.each(checks.map((check) => [check.name, check] as const))('pass good evidence: %s', (_, check) => {
    expect(check.find(goodEvidence())).toEqual([]);
  });

  it('have different names', () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });

  it('each have evidence that they do not pass', () => {
    expect([...new Set(badEvidence.map(({ check }) => check))].sort()).toEqual(checks.map(({ name }) => name).sort());
  });

  it.each(badEvidence.map((bad) => [bad.check, bad.what, bad] as const))('find: %s: %s', (name, _, { change, finding }) => {
    const draft = goodEvidence();
    change(draft);
    const found = checks.find((check) => check.name === name)?.find(draft) ?? [];
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
  });
});

describe('the hash of a record', () => {
  it.each([
    [{}, '99914b932bd37a50b983c5e7c90ae93b'],
    [{ artist_id: 'spotify_1', genre: [], name: 'Björk', popularity_score: null }, '1e4b3017c78c7f087f2c8dc4b1c24466'],
    [{ _run: 1, run_id: 'r', data_type: 'artists', ingestion_timestamp: 't', record_hash: 'h', replay_of: 'r' }, '99914b932bd37a50b983c5e7c90ae93b'],
  ])('is the published one: %j', (record, hash) => {
    expect(hashOf(record)).toBe(hash);
  });
});

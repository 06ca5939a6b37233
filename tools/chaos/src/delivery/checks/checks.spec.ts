import type { ServerEvent } from '../evidence.js';
import { badEvidence } from './bad-evidence.fixture.js';
import { checks } from './checks.js';
import { editAttempt, editEvent, eventsOf } from './edits.fixture.js';
import { keys, lease, RUN, type Draft } from './evidence.fixture.js';
import { goodEvidence } from './good-evidence.fixture.js';
import { hashOf } from './reading/canonical.js';

describe('checks of deliveries', () => {
  it.each(checks.map((check) => [check.name, check] as const))('pass good evidence: %s', (_, check) => {
    expect(check.find(goodEvidence())).toEqual([]);
  });

  it('do not take a checkpoint for one that goes backward where somebody has made it nonsense', () => {
    const draft = goodEvidence();
    const nonsense = { key: keys.checkpoint('daily'), attempt: 'a2', event: 1, value: { last_sync_timestamp: 'half past two', run_id: RUN } };
    draft.state.unshift(nonsense);
    expect(checks.find(({ name }) => name === 'a checkpoint never goes backward')?.find(draft)).toEqual([]);
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

describe('a record that is on the stream twice', () => {
  const repeated = checks.find(({ name }) => name.startsWith('a record is repeated on the stream only'));
  const givenBack = (draft: Draft): void => {
    editAttempt(draft, 'a1', { killed: undefined });
    const { number } = eventsOf(draft, 'a1', 'records put')[0] ?? { number: 0 };
    draft.state.push({ key: keys.progress(RUN, 0), attempt: 'a1', event: number, value: { sinks: {}, ...lease(null, 1, 2) } });
    draft.state.sort((one, other) => one.event - other.event);
  };
  const send = (draft: Draft, change: Partial<ServerEvent>): void => editEvent(draft, eventsOf(draft, 'a1', 'records put')[0]?.number ?? 0, change);

  it('was sent by a process that gave its slice back, and noted nothing: that is a fault', () => {
    const draft = goodEvidence();
    givenBack(draft);
    expect(repeated?.find(draft)).toHaveLength(1);
  });

  it.each([
    ['which had no answer', (draft: Draft) => send(draft, { answered: false })],
    ['which slept', (draft: Draft) => editAttempt(draft, 'a1', { pauses: [{ from: 5, until: 12 }] })],
    [
      'which tried to note it, and could not',
      (draft: Draft) => {
        const { number, at } = draft.events.find(({ attempt }) => attempt === 'a2') as ServerEvent;
        editEvent(draft, number, { number, at, attempt: 'a1', key: keys.progress(RUN, 0), step: 'progress saved', done: false, status: 500 });
      },
    ],
  ])('was sent by one %s: that is no fault', (_, excuse) => {
    const draft = goodEvidence();
    givenBack(draft);
    excuse(draft);
    expect(repeated?.find(draft)).toEqual([]);
  });

  it('was sent by one whose slice was taken over: that is no fault', () => {
    const draft = goodEvidence();
    editAttempt(draft, 'a1', { killed: undefined });
    expect(repeated?.find(draft)).toEqual([]);
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

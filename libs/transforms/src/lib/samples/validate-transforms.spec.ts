import { DATA_TYPES } from '../types.js';
import { good, odd, wrong } from './sample.js';
import { spotifyArtist } from './raw.js';
import { SAMPLES, validateTransforms } from './validate-transforms.js';

describe('the bundled samples', () => {
  it.each(DATA_TYPES)('show good, odd and wrong %s, six or more', (dataType) => {
    const samples = SAMPLES.filter((sample) => sample.dataType === dataType);
    expect(samples.length).toBeGreaterThanOrEqual(6);
    expect(new Set(samples.map(({ kind }) => kind))).toEqual(new Set(['good', 'odd', 'wrong']));
    expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  });

  it('all do what they should', () => {
    const { ok, outcomes } = validateTransforms();
    expect(outcomes.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect({ ok, count: outcomes.length }).toEqual({ ok: true, count: SAMPLES.length });
  });

  it('mean the same after they were printed and read', () => {
    const printed = SAMPLES.map((sample) => ({ ...sample, raw: JSON.parse(JSON.stringify(sample.raw)) as unknown }));
    expect(validateTransforms({ samples: printed }).ok).toBe(true);
  });
});

describe('validateTransforms', () => {
  it('runs those of the types that are asked for', () => {
    const types = new Set(validateTransforms({ types: ['tracks', 'venues'] }).outcomes.map(({ sample }) => sample.dataType));
    expect(types).toEqual(new Set(['venues', 'tracks']));
  });

  it.each([
    [
      'a field that comes out otherwise',
      good('artists', 'x', spotifyArtist(), { followers: 7, born: 1987 }),
      ['followers must be 7, is 1200', 'born must be 1987, is missing'],
    ],
    ['a rejection of what should be loaded', odd('artists', 'x', spotifyArtist({ name: 7 }), {}), ['is rejected: name must be a text, is a number']],
    ['a rejection of the whole', good('artists', 'x', null, {}), ['is rejected: the record must be an object, is null']],
    [
      'an acceptance of what should be rejected',
      wrong('artists', 'x', spotifyArtist(), ['name']),
      ['must be rejected at name, is accepted as spotify_7aXvTq0nLmYc2RkE9wBzD1'],
    ],
    ['a rejection elsewhere', wrong('artists', 'x', spotifyArtist({ id: 3 }), ['name']), ['must be rejected at name, is rejected at id']],
  ])('finds %s', (_what, sample, problems) => {
    expect(validateTransforms({ samples: [sample] })).toMatchObject({ ok: false, outcomes: [{ problems }] });
  });
});

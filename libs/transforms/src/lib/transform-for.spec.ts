import { recordOf } from './parsed.fixture.js';
import { spotifyArtist, spotifyTrack, ticketmasterAttraction, ticketmasterEvent, ticketmasterVenue } from './samples/raw.js';
import { parseArtist } from './spotify/parse-artist.js';
import { normalizerFor, recordId, sourceKey, transformFor, validateRecord } from './transform-for.js';
import { DATA_TYPES, isDataType, type DataType } from './types.js';

const artist = recordOf(parseArtist(spotifyArtist()));
const onStream = {
  ...artist,
  data_type: 'artists',
  ingestion_timestamp: '2026-11-21T02:00:00Z',
  record_hash: '9e107d9d372bb6826bd81d3542a419d6',
  run_id: '886313e1-3b8a-5372-9b90-0c9aee199e5d',
};

describe('transformFor', () => {
  it.each([
    ['artists', 'spotify', 'artist_id', spotifyArtist(), 'spotify_7aXvTq0nLmYc2RkE9wBzD1'],
    ['venues', 'ticketmaster', 'venue_id', ticketmasterVenue(), 'ticketmaster_KovZsynth01'],
    ['events', 'ticketmaster', 'concert_id', ticketmasterEvent(), 'ticketmaster_vvGsynth01'],
    ['attractions', 'ticketmaster', 'attraction_id', ticketmasterAttraction(), 'ticketmaster_K8vA1'],
    ['tracks', 'spotify', 'track_id', spotifyTrack(), 'spotify_5cXvTq0nLmYc2RkE9wBzT1'],
  ] as const)('knows %s', (dataType, source, idField, raw, id) => {
    const transform = transformFor(dataType);
    expect(transform).toMatchObject({ dataType, source, idField });
    const record = recordOf<object>(transform.parse(raw));
    expect(recordId(dataType, record)).toBe(id);
    expect(`${source}_${sourceKey(dataType, raw)}`).toBe(id);
  });

  it('names the known data types when asked for another', () => {
    expect(() => transformFor('shows' as DataType)).toThrow(
      new RangeError('no transform for data type "shows": known are artists, venues, events, attractions, tracks'),
    );
    expect(() => transformFor('constructor' as DataType)).toThrow(RangeError);
    expect([...DATA_TYPES, 'shows', null].map(isDataType)).toEqual([true, true, true, true, true, false, false]);
  });
});

describe('normalizerFor', () => {
  it('gives the id beside the record, or the reasons', () => {
    const normalize = normalizerFor('artists');
    expect(normalize(spotifyArtist())).toEqual({ ok: true, id: 'spotify_7aXvTq0nLmYc2RkE9wBzD1', record: artist });
    expect(normalize(null)).toEqual({ ok: false, reasons: [{ path: '', message: 'must be an object, is null' }] });
  });
});

describe('sourceKey', () => {
  it.each([null, undefined, 3, 'x', [], {}, { id: 3 }, { id: '' }, { id: 'a b' }])('finds none in %p', (raw) => {
    expect(sourceKey('artists', raw)).toBeUndefined();
  });
});

describe('recordId', () => {
  it('finds none where there is none', () => {
    expect(recordId('artists', { venue_id: 'ticketmaster_1' })).toBeUndefined();
  });
});

describe('validateRecord', () => {
  it('accepts a record as parsed and as it is on the stream', () => {
    expect(validateRecord('artists', artist)).toEqual([]);
    expect(validateRecord('artists', onStream)).toEqual([]);
  });

  it('accepts fields of a newer schema, and the absence of those of an older one', () => {
    expect(validateRecord('artists', { ...onStream, born: 1987 })).toEqual([]);
    expect(validateRecord('artists', { artist_id: 'spotify_1', spotify_id: '1', source: 'spotify' })).toEqual([]);
  });

  it.each([
    ['another source', { source: 'tidal' }, 'source', 'must be one of spotify'],
    ['a foreign id', { artist_id: 'ticketmaster_1' }, 'artist_id', "must be spotify_ and the source's id (1 to 200 printable characters, no spaces)"],
    ['an empty text', { name: '' }, 'name', 'must be a text that is not blank'],
    ['genres in one text', { genre: 'dub' }, 'genre', 'must be a list of texts that are not blank'],
    ['a text for a number', { popularity_score: '41' }, 'popularity_score', 'must be a number from 0 to 100'],
    ['another data type', { data_type: 'venues' }, 'data_type', 'must be artists, is venues'],
    ['an unknown data type', { data_type: 'shows' }, 'data_type', 'must be one of artists, venues, events, attractions, tracks'],
    [
      'a local time stamp',
      { ingestion_timestamp: '2026-11-21 02:00' },
      'ingestion_timestamp',
      'must be an instant in UTC such as 2026-05-03T17:00:00Z',
    ],
    ['half a hash', { record_hash: '9e107d9d' }, 'record_hash', 'must be 32 hexadecimal digits'],
    ['a run without a UUID', { run_id: 'yesterday' }, 'run_id', 'must be a UUID'],
    ['a replay of something else than a run', { replay_of: true }, 'replay_of', 'must be a UUID'],
  ])('says what is wrong with %s', (_case, changes, path, message) => {
    expect(validateRecord('artists', { ...onStream, ...changes })).toEqual([{ path, message }]);
  });

  it.each([null, undefined, 'x', 4, []])('refuses %p', (value) => {
    expect(validateRecord('events', value)).toHaveLength(1);
  });

  it('is not led astray by fields called constructor or __proto__', () => {
    const hostile = JSON.parse(`{"constructor":{"name":"x"},"__proto__":{"artist_id":"spotify_1"},"spotify_id":"1","source":"spotify"}`) as unknown;
    expect(validateRecord('artists', hostile).map(({ path }) => path)).toEqual(['artist_id']);
  });
});

import { readmeDifferences } from '@loadin/specs/readme';
import { parseArtist, recordId, validateRecord } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const raw: unknown = { id: '7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns', genres: [], popularity: 41, type: 'artist' };

    const parsed = parseArtist(raw);
    if (parsed.ok) {
      console.log(recordId('artists', parsed.record), parsed.record.popularity_score, parsed.record.followers);
      // spotify_7aXvTq0nLmYc2RkE9wBzD1 41 null
    } else {
      for (const { path, message } of parsed.reasons) console.log(`${path}: ${message}`);
    }
    console.log(validateRecord('artists', { artist_id: 'spotify_1', name: '' }).map(({ path }) => path));
    // [ 'name', 'spotify_id', 'source' ]
    // end

    expect(lines).toEqual(['spotify_7aXvTq0nLmYc2RkE9wBzD1', 41, null, ['name', 'spotify_id', 'source']]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});

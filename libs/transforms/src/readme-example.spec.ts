import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArtist, recordId, validateRecord } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    const raw: unknown = { id: '7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns', genres: [], popularity: 41, type: 'artist' };
    const parsed = parseArtist(raw);
    if (parsed.ok) {
      console.log(recordId('artists', parsed.record), parsed.record.popularity_score, parsed.record.followers);
    } else {
      for (const { path, message } of parsed.reasons) console.log(`${path}: ${message}`);
    }
    console.log(validateRecord('artists', { artist_id: 'spotify_1', name: '' }).map(({ path }) => path));

    expect(lines).toEqual(['spotify_7aXvTq0nLmYc2RkE9wBzD1', 41, null, ['name', 'spotify_id', 'source']]);
  });

  it('is what was just run', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const statements = (text: string) => text.split('\n').map((line) => line.trim());
    const wanted = statements(code).filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('import'));
    const here = statements(readFileSync(join(import.meta.dirname, 'readme-example.spec.ts'), 'utf8'));
    expect(wanted.length).toBeGreaterThan(5);
    expect(here.join('\n')).toContain(wanted.join('\n'));
  });
});

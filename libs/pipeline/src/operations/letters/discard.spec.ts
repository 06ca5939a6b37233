import { discardLetters } from './discard.js';
import { findLetter } from './find-letters.js';
import { ALL, createLettersWorld } from './letters.fixture.js';

describe('dead letters are discarded', () => {
  it('by selection: they are listed and retried no more, and what they said stays', async () => {
    const { list, retry, lake, state, inLake } = await createLettersWorld();
    const [first] = await list();
    const text = lake.text(first?.key ?? '');
    expect(await discardLetters({ lake, state }, { ids: [first?.id ?? ''] })).toBe(1);
    expect(await list()).toHaveLength(3);
    await retry();
    expect(inLake()).not.toContain('spotify_x0');
    expect(lake.text(first?.key ?? '')).toBe(text);
    expect(await findLetter({ lake, state }, first?.id ?? '')).toMatchObject({ discarded: true });
    expect(await discardLetters({ lake, state }, {})).toBe(1);
    expect(await list()).toEqual([]);
  });
});

it('that were discarded while a stream was busy are not sent there by the retry that goes on', async () => {
  const busy = new Set(['spotify_x0', 'spotify_x1']);
  const { retry, list, lake, state, entries } = await createLettersWorld({ busy: (id) => busy.has(id) });
  await retry();
  const [first] = await list();
  await discardLetters({ lake, state }, { ids: [first?.id ?? ''] });
  busy.clear();
  expect(await retry()).toMatchObject({ letters: 2, delivered: 1 });
  expect(await retry()).toMatchObject({ letters: 1, delivered: 0 });
  expect(entries.map(({ key }) => key).sort()).toEqual(ALL.filter((id) => id !== 'spotify_x0'));
});

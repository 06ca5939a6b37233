import { findLetter } from './find-letters.js';
import { createLettersWorld } from './letters.fixture.js';
import type { LetterSelection } from './types.js';

describe('dead letters are listed', () => {
  it('with what they are, by an id that stays', async () => {
    const { list, report } = await createLettersWorld();
    const letters = await list();
    expect(letters.map(({ job, line, open_sinks, letter }) => ({ job, line, open_sinks, stage: letter.stage, record: letter.record }))).toEqual([
      { job: 'daily', line: 0, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x0' } },
      { job: 'daily', line: 1, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x1' } },
      { job: 'daily', line: 2, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: {} },
      { job: 'daily', line: 0, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x2' } },
    ]);
    expect(letters.every(({ id, letter }) => /^[0-9a-f]{12}-\d$/.test(id) && letter.run_id === report.run_id)).toBe(true);
    expect((await list()).map(({ id }) => id)).toEqual(letters.map(({ id }) => id));
  });

  it('by id, job, stream, run and stage', async () => {
    const { list, report } = await createLettersWorld({ refuse: (id) => id === 'spotify_a1' });
    const [, second] = await list();
    const counts = async (selection: LetterSelection): Promise<number> => (await list(selection)).length;
    expect(await counts({ ids: [second?.id ?? ''] })).toBe(1);
    expect(await counts({ job: 'daily' })).toBe(5);
    expect(await counts({ job: 'hourly' })).toBe(0);
    expect(await counts({ stream: 'spotify.artists' })).toBe(5);
    expect(await counts({ stream: 'spotify.tracks' })).toBe(0);
    expect(await counts({ run: report.run_id, stage: 'transform' })).toBe(4);
    expect(await counts({ stage: 'sink' })).toBe(1);
    expect(await counts({ run: 'other' })).toBe(0);
  });

  it.each([
    [{ ids: ['5'] }, '"5" is no id of a dead letter'],
    [{ stream: 'artists' }, '"artists" is no stream'],
  ])('and refuse %j', async (selection, message) => {
    const { list } = await createLettersWorld();
    await expect(list(selection)).rejects.toThrow(message);
  });

  it('and a damaged one is named', async () => {
    const { list, tamper, lake } = await createLettersWorld();
    const [first] = await list();
    await tamper(first?.key ?? '', (text) => text.slice(0, 30));
    await expect(list()).rejects.toMatchObject({ message: 'this dead letter is damaged', where: `${lake.uri}/${first?.key}, line 1` });
    await expect(findLetter({ lake, state: (await createLettersWorld()).state }, '0123456789ab-0')).rejects.toThrow(
      'There is no dead letter 0123456789ab-0',
    );
  });
});

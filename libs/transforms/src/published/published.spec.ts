import { publishedFiles, write } from './published.fixture.js';

// `npm run published` sets it: then the files are written anew instead of compared.
const update = process.env['LOADIN_WRITE_PUBLISHED'] === '1';

describe('the files that are made from the record classes', () => {
  it('are what the classes say now; otherwise `npm run published` in libs/transforms writes them', () => {
    const different = publishedFiles().filter(({ text, found }) => text !== found);
    if (update) different.forEach(write);
    expect(update ? [] : different.map(({ path }) => path)).toEqual([]);
  });
});

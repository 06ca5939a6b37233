import { readdirSync, readFileSync } from 'node:fs';

/** Names of the tests of this folder, out of their files. */
const names = readdirSync(__dirname)
  .filter((file) => file.endsWith('.spec.ts'))
  .flatMap((file) =>
    [...readFileSync(`${__dirname}/${file}`, 'utf8').matchAll(/\bit(?:\.each\([^`]*?\))?\(\s*[`'"](behaviour .*)/g)].map(([, name = '']) => name),
  );

describe('the behaviours that a client of these sources must show', () => {
  it('are 25, each with a test of its own', () => {
    const numbers = new Set(names.map((name) => Number(/^behaviour (\d+): \S/.exec(name)?.[1])));
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });
});

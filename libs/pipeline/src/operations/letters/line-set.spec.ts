import { parseLines, printLines } from './line-set.js';

it.each([
  ['', []],
  ['0', [0]],
  ['0-2,5,7-8', [0, 1, 2, 5, 7, 8]],
])('a set of lines is kept as %j', (text, lines) => {
  expect(printLines([...lines].reverse())).toBe(text);
  expect([...parseLines(text)]).toEqual(lines);
});

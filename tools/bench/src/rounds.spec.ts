import { interleaved, median, medianRatio } from './rounds.js';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[], NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('leaves the list as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('medianRatio', () => {
  it('compares within each round, so that a slow round does not count twice', () => {
    expect(medianRatio([2, 40, 6], [1, 20, 2])).toBe(2);
  });
});

describe('interleaved', () => {
  it('measures in turn, every other round the other way round, and leaves the warm-ups out', async () => {
    const order: string[] = [];
    const measure = (name: string) => () => order.push(name);
    const measured = await interleaved({ a: measure('a'), b: measure('b') }, { rounds: 3, warmUps: 1 });
    expect(order.join('')).toBe('baabbaab');
    expect(measured).toEqual({ a: [3, 6, 7], b: [4, 5, 8] });
  });
});

import { block } from './inspect.fixture.js';
import { withoutRows } from './without-rows.js';

describe('a block without the rows that are left out', () => {
  it('shares its bytes, and is the same block when nothing is left out', () => {
    const given = block([['1'], ['2'], ['3'], ['4']]);
    const left = withoutRows(given, [
      { row: 0, reason: '' },
      { row: 2, reason: '' },
    ]);
    expect(Array.from({ length: left.count }, (_, n) => Buffer.from(left.bytes.subarray(left.starts[n], left.ends[n])).toString())).toEqual([
      '2',
      '4',
    ]);
    expect(left.bytes).toBe(given.bytes);
    expect(withoutRows(given, [])).toBe(given);
  });
});

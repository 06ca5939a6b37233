import { createIdTable } from './id-table.js';

describe('createIdTable', () => {
  it('takes more ids than it was made for, and keeps what it knows of each', () => {
    const table = createIdTable(10, 0, 1);
    const hashOf = (n: number): string => n.toString(16).padStart(32, '0').replace(/^0/, 'f');
    for (let n = 0; n < 1_000; n += 1) {
      expect(table.add(`id ${n}`, hashOf(n), n % 7)).toBeUndefined();
      if (n % 2 === 0) table.find(`id ${n}`)?.meet();
    }
    for (let n = 0; n < 1_000; n += 1) {
      const entry = table.find(`id ${n}`);
      expect([entry?.object, entry?.sameHash(hashOf(n)), entry?.met]).toEqual([n % 7, true, n % 2 === 0]);
    }
    expect(table.find('id 1000')).toBeUndefined();
    expect([...table.unmet().values()].reduce((sum, count) => sum + count, 0)).toBe(500);
  });
});

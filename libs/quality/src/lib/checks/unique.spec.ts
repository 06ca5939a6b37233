import { noise } from '../inspect.fixture.js';
import { inspect, messages, row, type Values } from '../inspect-rows.fixture.js';

describe('unique', () => {
  const rows = (ids: readonly (string | null)[]): Values[] => ids.map((id) => row({ id }));

  it('leaves out every row but the first of its key', async () => {
    const found = await inspect([{ check: 'unique', column: 'id', severity: 'quarantine' }], rows(['1', '2', '1', null, '1', null]));
    expect(found.leftOutRows).toEqual([2, 4].map((n) => ({ row: n, reason: 'id is that of an earlier row' })));
    expect(messages(found)).toEqual(['2 of 6 rows: id is that of an earlier row']);
  });

  it('takes the values of several columns together, each for itself', async () => {
    const found = await inspect(
      [{ check: 'unique', columns: ['id', 'status'], severity: 'stop' }],
      [
        row({ id: '1', status: '2' }),
        row({ id: '12', status: '' }),
        row({ id: '1', status: '' }),
        row({ id: '1', status: '2' }),
        row({ id: '', status: '12' }),
      ],
    );
    expect(found.refusal).toContain('1 of 5 rows: id, status are those of an earlier row');
  });

  it('does not count a row that is left out for another reason as the first of its key', async () => {
    const found = await inspect(
      [
        { check: 'unique', column: 'id', severity: 'quarantine' },
        { check: 'not_null', column: 'total', severity: 'quarantine' },
      ],
      [row({ total: null }), row()],
    );
    expect(found.leftOutRows).toEqual([{ row: 0, reason: 'total is null' }]);
  });

  it('is exact when the keys do not fit into memory', async () => {
    const ids = Array.from({ length: 4_000 }, (_, n) => String(Math.floor(noise(n) * 3_000)));
    const repeated = ids.length - new Set(ids).size;
    for (const uniqueKeysInMemory of [1_000_000, 1_500, 40]) {
      const found = await inspect([{ check: 'unique', column: 'id' }], rows(ids), { uniqueKeysInMemory, profile: false });
      expect(found.findings[0]?.rows).toBe(repeated);
    }
  });

  it('refuses the commit when rows that should be left out were found at the end only', async () => {
    const found = await inspect([{ check: 'unique', column: 'id', severity: 'quarantine' }], rows(['1', '2', '2', '3', '1']), {
      uniqueKeysInMemory: 2,
    });
    expect(found.leftOutRows).toEqual([{ row: 2, reason: 'id is that of an earlier row' }]);
    expect(found.refusal).toBe(
      'orders is not as expected: 2 of 5 rows: id is that of an earlier row; 1 of them were found at the end only, as more than 2 keys are not held in memory',
    );
  });
});

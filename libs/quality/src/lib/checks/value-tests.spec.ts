import { inspect, row } from '../inspect-rows.fixture.js';

describe('a range', () => {
  const outside = async (column: string, bounds: object, values: readonly string[]): Promise<string[]> => {
    const found = await inspect(
      [{ check: 'range', column, ...bounds, severity: 'quarantine' }],
      values.map((value) => row({ [column]: value })),
    );
    return found.leftOutRows.map((left) => values[left.row] ?? '');
  };

  it('of numbers is exact beyond what doubles can tell', async () => {
    const values = [
      '9007199254740992',
      '9007199254740993',
      '9007199254740993.0000000000000000001',
      '9007199254740994',
      '1e16',
      '-5',
      'NaN',
      'Infinity',
      'text',
    ];
    expect(await outside('total', { min: '9007199254740993', max: '9007199254740993' }, values)).toEqual(
      values.filter((value) => value !== '9007199254740993'),
    );
    expect(
      await outside('total', { min: 0.1, max: 0.3 }, ['0.1', '0.10', '0.3', '0.30000000000000000001', '0.09999999999999999999', '.2', '3e-1']),
    ).toEqual(['0.30000000000000000001', '0.09999999999999999999']);
  });

  it('of numbers leaves a long text that is none outside at once', async () => {
    expect(await outside('status', { min: 0 }, [`${'9'.repeat(159_000)}x`, '9'.repeat(500_000), '9'.repeat(100_000)])).toHaveLength(2);
  });

  it('of numbers has no infinity inside, one of times whatever an open end leaves in', async () => {
    expect(await outside('total', { min: 0 }, ['Infinity', '-Infinity', 'NaN', '1e400'])).toEqual(['Infinity', '-Infinity', 'NaN']);
    expect(await outside('updated_at', { min: '2026-03-01' }, ['infinity', '-infinity'])).toEqual(['-infinity']);
  });

  it('of times is in UTC, whatever zone the bounds are written in', async () => {
    expect(
      await outside('updated_at', { min: '2026-03-01T02:00:00+01:00', max: '2026-03-02' }, [
        '2026-03-01 01:00:00+00',
        '2026-03-01 00:59:59.999999+00',
        '2026-03-02 00:00:00+00',
        '2026-03-02 00:00:00.000001+00',
        'infinity',
        '-infinity',
        'soon',
      ]),
    ).toEqual(['2026-03-01 00:59:59.999999+00', '2026-03-02 00:00:00.000001+00', 'infinity', '-infinity', 'soon']);
  });

  it('of times of day', async () => {
    expect(
      await outside('status', { min: '08:30', max: '18:00:00.5' }, [
        '08:30:00',
        '08:29:59.9',
        '18:00:00.5',
        '18:00:00.500001',
        '24:00:00',
        '9:00',
        'noon',
      ]),
    ).toEqual(['08:29:59.9', '18:00:00.500001', '24:00:00', '9:00', 'noon']);
  });
});

describe('allowed values', () => {
  it('are texts, numbers in any spelling, and truth values of Postgres and of JSON', async () => {
    const rejected = async (values: readonly unknown[], given: readonly string[]): Promise<number[]> =>
      (
        await inspect(
          [{ check: 'allowed_values', column: 'status', values, severity: 'quarantine' }],
          given.map((status) => row({ status })),
        )
      ).leftOutRows.map((left) => left.row);
    expect(await rejected(['paid', 'größe', ''], ['paid', 'Paid', 'größe', '', ' '])).toEqual([1, 4]);
    expect(await rejected([1.5, 2], ['1.50', '1.5', '2', '2.0', '15e-1', '3', 'x'])).toEqual([5, 6]);
    expect(await rejected([true], ['t', 'true', 'f', 'false'])).toEqual([2, 3]);
  });
});

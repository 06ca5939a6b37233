import { bytes, count, duration, elapsed, instant } from './units.js';

describe('units', () => {
  it('counts with thousands separated', () => {
    expect([0, 999, 1234, 1_234_567].map(count)).toEqual(['0', '999', '1,234', '1,234,567']);
  });

  it('gives bytes three digits or so, and never 1000.0 of a unit', () => {
    expect([0, 999, 1000, 12_345, 999_949, 999_950, 4_500_000, 7.2e12].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '12.3 KB',
      '999.9 KB',
      '1.0 MB',
      '4.5 MB',
      '7.2 TB',
    ]);
  });

  it('gives durations in the unit that people say, and never 60 seconds', () => {
    expect([0, 870, 999.6, 12_345, 59_940, 59_960, 245_000, 3_600_000].map(duration)).toEqual([
      '0 ms',
      '870 ms',
      '1.0 s',
      '12.3 s',
      '59.9 s',
      '1 min 00 s',
      '4 min 05 s',
      '60 min 00 s',
    ]);
  });

  it('counts elapsed time in whole seconds', () => {
    expect([0, 999, 1000, 59_999, 60_000, 245_900].map(elapsed)).toEqual(['0 s', '0 s', '1 s', '59 s', '1 min 00 s', '4 min 05 s']);
  });

  it('gives instants to the second, in UTC', () => {
    expect(instant('2024-11-08T02:00:00Z')).toBe('2024-11-08 02:00:00 UTC');
    expect(instant('2024-11-08T02:00:00.123Z')).toBe('2024-11-08 02:00:00 UTC');
  });
});

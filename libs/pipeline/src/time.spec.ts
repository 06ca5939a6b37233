import { isoSecond, parseScheduledTime, plusSeconds } from './time.js';

describe('scheduled times', () => {
  it('are UTC with whole seconds, whatever zone they were given in', () => {
    expect(parseScheduledTime('2024-11-08T03:00:00+01:00')).toBe('2024-11-08T02:00:00Z');
    expect(parseScheduledTime('2024-11-08T02:00:00.999Z')).toBe('2024-11-08T02:00:00Z');
    expect(parseScheduledTime('2024-11-08')).toBe('2024-11-08T00:00:00Z');
    expect(isoSecond(1731031200999)).toBe('2024-11-08T02:00:00Z');
    expect(plusSeconds('2024-12-31T23:59:59Z', 1)).toBe('2025-01-01T00:00:00Z');
  });
  it.each(['tomorrow', '2024-11-08T02:00:00', '2024-13-08T02:00:00Z', '08/11/2024', '', '2024-11-31', '2023-02-29T02:00:00Z'])(
    'refuse %j, which has no zone or is no time',
    (text) => {
      expect(() => parseScheduledTime(text)).toThrow(/is not a time that a run can be scheduled for/);
    },
  );
});

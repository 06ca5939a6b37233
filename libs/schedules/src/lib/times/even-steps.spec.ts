import { everyHours, runsPerMonth } from './even-steps.js';

describe('the hours between the runs of a schedule', () => {
  it.each<[string, number]>([
    ['cron(0 * * * ? *)', 1],
    ['cron(17 * ? * * *)', 1],
    ['cron(0 2 * * ? *)', 24],
    ['cron(0/30 * * * ? *)', 0.5],
    ['cron(0,30 * * * ? *)', 0.5],
    ['cron(0 0/6 * * ? *)', 6],
    ['cron(0 */8 * * ? *)', 8],
    ['cron(15 2,14 * * ? *)', 12],
    ['cron(0 3 ? * SUN *)', 168],
    ['rate(1 hour)', 1],
    ['rate(90 minutes)', 1.5],
    ['rate(2 days)', 48],
  ])('of %s are %d', (schedule, hours) => expect(everyHours(schedule)).toBe(hours));

  it.each([
    'cron(0 3 ? * MON,THU *)',
    'cron(0 6-22 * * ? *)',
    'cron(0 0/7 * * ? *)',
    'cron(0 0 1 * ? *)',
    'cron(0 2 * 3 ? *)',
    'cron(0 2 31 2 ? *)',
    'cron(0 99 * * ? *)',
    'cron(x * * * ? *)',
  ])('are not even in %s', (schedule) => expect(everyHours(schedule)).toBeUndefined());
});

describe('the runs of a month', () => {
  it.each<[string, number]>([
    ['cron(0 * * * ? *)', 730],
    ['rate(1 hour)', 730],
    ['cron(0 2 * * ? *)', 365 / 12],
    // 2026 has 52 Mondays and 53 Thursdays.
    ['cron(0 3 ? * MON,THU *)', 105 / 12],
    ['cron(0 3 ? * 2,5 *)', 105 / 12],
    ['cron(0 3 ? * 2-6 2026)', 261 / 12],
    ['cron(0 4 L * ? *)', 1],
    ['cron(0 4 15W * ? *)', 1],
    ['cron(0 4 LW * ? *)', 1],
    ['cron(0 4 ? * 6L *)', 1],
    ['cron(0 4 ? * FRI#2 *)', 1],
    ['cron(0 4 1 JAN-MAR,12 ? *)', 4 / 12],
    ['cron(0 4 1 1/3 ? *)', 4 / 12],
  ])('of %s', (schedule, runs) => expect(runsPerMonth(schedule)).toBeCloseTo(runs, 6));

  it('are not known of what is no schedule', () => {
    for (const schedule of ['cron(0 24 * * ? *)', 'cron(0 5-2 * * ? *)', 'cron(0 4 ? * DAY#2 *)', 'hourly'])
      expect(runsPerMonth(schedule)).toBeUndefined();
  });
});

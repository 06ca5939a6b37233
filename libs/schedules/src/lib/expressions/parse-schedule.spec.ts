import { FatalError } from '@loadin/resilience';
import { parseSchedule, scheduleFault } from './parse-schedule.js';

describe('a schedule', () => {
  it('is read as EventBridge and crontabs write it', () => {
    const shown = { kind: 'cron', zone: 'UTC', minutes: [0], hours: [3], weekday: { kind: 'days', days: [1, 4] }, date: { kind: 'any' } };
    for (const text of ['cron(0 3 ? * MON,THU *)', 'cron(0 3 ? * 2,5 *)', 'cron(0  3 ? * mon,thu *)', '0 3 * * 1,4', '0 3 * * MON,THU'])
      expect(parseSchedule(text)).toMatchObject({ ...shown, text });
    expect(parseSchedule('rate(90 minutes)')).toEqual({ kind: 'rate', text: 'rate(90 minutes)', everyMinutes: 90 });
  });

  it('counts Sunday as each of them does', () => {
    for (const text of ['cron(0 4 ? * 1 *)', 'cron(0 4 ? * SUN *)', '0 4 * * 0', '0 4 * * 7', '0 4 * * Sun'])
      expect(parseSchedule(text)).toMatchObject({ weekday: { kind: 'days', days: [0] } });
  });

  it('knows names, ranges, lists and steps, and what EventBridge has besides', () => {
    expect(parseSchedule('cron(5/20,59 8-10,20 1-3 JAN-MAR,12 ? 2026/2)')).toMatchObject({
      ...{ minutes: [5, 25, 45, 59], hours: [8, 9, 10, 20], months: [1, 2, 3, 12], date: { kind: 'dates', dates: [1, 2, 3] } },
      years: expect.arrayContaining([2026, 2028, 2198]),
    });
    expect(parseSchedule('cron(0 4 LW * ? *)')).toMatchObject({ date: { kind: 'workday', near: 'last' } });
    expect(parseSchedule('cron(0 4 ? * FRI#2 *)')).toMatchObject({ weekday: { kind: 'nth', day: 5, nth: 2 } });
    expect(parseSchedule('cron(0 4 ? * 6L *)')).toMatchObject({ weekday: { kind: 'last', day: 5 } });
    expect(parseSchedule('0 4 1 * 5')).toMatchObject({ either: true });
    expect(parseSchedule('cron(0 4 * * ? *)')).toMatchObject({ either: false });
  });

  it('is refused in one line that says what is wrong', () => {
    const refused = (): unknown => parseSchedule('cron(0 24 * * ? *)');
    expect(refused).toThrow(FatalError);
    expect(refused).toThrow('The schedule "cron(0 24 * * ? *)" can\'t be used: "24" is no hour (0 to 23)');
  });

  it.each([
    ['hourly', 'it is neither cron(…) nor rate(…) nor five fields'],
    ['', 'it is neither cron(…) nor rate(…) nor five fields'],
    ['@daily', 'it is neither cron(…) nor rate(…) nor five fields'],
    ['cron(0 2 * * ?)', 'it has 5 fields instead of six: minute, hour, day of month, month, day of week, year'],
    ['cron(0 2 * * * *)', 'exactly one of day of month and day of week must be ?'],
    ['cron(0 2 ? * ? *)', 'exactly one of day of month and day of week must be ?'],
    ['cron(? 2 * * ? *)', '"?" is no minute (0 to 59)'],
    ['cron(0 2 * 13 ? *)', '"13" is no month (1 to 12 or JAN to DEC)'],
    ['cron(0 2 32 * ? *)', '"32" is no day of month (1 to 31, L, 15W or LW)'],
    ['cron(0 2 0W * ? *)', '"0W" is no day of month (1 to 31, L, 15W or LW)'],
    ['cron(0 2 ? * 0 *)', '"0" is no day of week (1 to 7 (1 is Sunday) or SUN to SAT, L, 6L or 6#3)'],
    ['cron(0 2 ? * FRI-MON *)', '"FRI-MON" is no day of week (1 to 7 (1 is Sunday) or SUN to SAT, L, 6L or 6#3)'],
    ['cron(0 2 * * ? 1969)', '"1969" is no year (1970 to 2199)'],
    ['cron(0/0 2 * * ? *)', '"0/0" is no minute (0 to 59)'],
    ['5/15 * * * *', '"5/15" is no minute (0 to 59)'],
    ['0 2 ? * 1', '"?" is no day of month (1 to 31)'],
    ['0 2 L * *', '"L" is no day of month (1 to 31)'],
    ['0 2 * * 8', '"8" is no day of week (0 to 7 or SUN to SAT)'],
    ['0 2 */2 * 1', 'some crons run it when "*/2" and "1" both fit, some when one does: write out the dates or the days'],
    ['rate(0 minutes)', 'a rate is a number from 1, and minutes, hours or days'],
    ['rate(1 week)', 'a rate is a number from 1, and minutes, hours or days'],
    ['rate(1 hours)', 'EventBridge wants rate(1 hour)'],
    ['rate(2 hour)', 'EventBridge wants rate(2 hours)'],
  ])('is not %j', (text, fault) => expect(scheduleFault(text)).toBe(fault));

  it('is not in a zone that there is not', () => {
    expect(scheduleFault('0 2 * * *', { zone: 'Mars/Olympus' })).toBe('there is no time zone "Mars/Olympus"');
    expect(scheduleFault('0 2 * * *', { zone: 'Europe/Dublin' })).toBeUndefined();
  });

  it('is told both, what is wrong with the expression and with the zone', () => {
    expect(scheduleFault('rate(1 hours)', { zone: 'Mars/Olympus' })).toBe('EventBridge wants rate(1 hour); and there is no time zone "Mars/Olympus"');
  });
});
